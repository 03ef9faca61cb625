/** What the ask page shows when a request fails, by problem type, in both languages. */
import type { bodyProblems, commonProblems } from '../../../define-route.ts';
import type { FailureProblem } from '../../../middleware/error-handler.ts';
import type { accessProblems } from '../../../middleware/guards.ts';
import type { questionProblems } from '../../../routes/admit-question.ts';
import type { Translated } from '../shared/language.ts';

export type ProblemText = { readonly title: string; readonly detail: string };

/** Every problem with which a question can fail. The page's other requests have no further ones. */
type QuestionProblem =
  | FailureProblem
  | (typeof questionProblems)[number]
  | (typeof accessProblems)['question'][number]
  | (typeof bodyProblems)[number]
  | (typeof commonProblems)[number];

/** `unreachable` and `interrupted` come from the page itself. */
type ProblemTexts = Readonly<Record<'unreachable' | 'interrupted' | `/problems/${QuestionProblem}`, ProblemText>>;

const english: ProblemTexts = {
  unreachable: {
    title: 'Cannot reach the server',
    detail: 'Check your connection and ask again. An answered question is not processed twice.',
  },
  interrupted: {
    title: 'The response was interrupted',
    detail: 'The draft was discarded. Ask again; the question is not processed twice.',
  },
  '/problems/bad-request': {
    title: 'The question cannot be processed',
    detail: 'Remove special characters or shorten the question, then ask again.',
  },
  '/problems/unauthorized': { title: 'Not signed in', detail: 'Sign in again.' },
  '/problems/forbidden': { title: 'Not allowed', detail: 'Reload the page. If that does not help, sign in again.' },
  '/problems/not-found': {
    title: 'Not found',
    detail: 'This conversation or answer no longer exists. Reload the page and start a new conversation.',
  },
  '/problems/method-not-allowed': {
    title: 'The page is out of date',
    detail: 'Reload the page and ask again.',
  },
  '/problems/request-timeout': {
    title: 'Request timeout',
    detail: 'The question did not arrive completely. Check your connection and ask again.',
  },
  '/problems/question-in-progress': {
    title: 'Question in progress',
    detail: 'The same question is still being answered. Wait a moment, then ask again.',
  },
  '/problems/question-cancelled': {
    title: 'Question cancelled',
    detail: 'Your data was erased while this question was being answered, so the answer was not recorded. Ask again.',
  },
  '/problems/account-missing': {
    title: 'Account missing',
    detail: 'The LMS has no account for you. Sign in to the LMS, then ask again.',
  },
  '/problems/content-too-large': {
    title: 'Question too long',
    detail: 'Shorten the question and ask again.',
  },
  '/problems/unsupported-media-type': {
    title: 'The page is out of date',
    detail: 'Reload the page and ask again.',
  },
  '/problems/idempotency-key-reused': {
    title: 'The question was already sent',
    detail: 'Reload the page and ask again.',
  },
  '/problems/content-filtered': {
    title: 'Content filtered',
    detail: 'The content filter of the language model blocked this question or its answer. Rephrase the question.',
  },
  '/problems/context-exceeded': {
    title: 'Question too long for the model',
    detail:
      'The question and its passages exceed the context of the language model. Ask a shorter question, or start a new conversation.',
  },
  '/problems/model-refused': {
    title: 'Model refused',
    detail: 'The language model refused to answer this question. Rephrase the question.',
  },
  '/problems/tool-called': {
    title: 'Model called a tool',
    detail: 'The language model called a tool instead of answering, and this service has none. Rephrase the question.',
  },
  '/problems/too-many-requests': { title: 'Too many requests', detail: 'Wait a minute, then ask again.' },
  '/problems/headers-too-large': {
    title: 'Headers too large',
    detail: 'Delete the cookies of this site, reload the page and sign in again.',
  },
  '/problems/internal': {
    title: 'Internal error',
    detail: 'Ask again. If the error persists, send the trace ID to the operator.',
  },
  '/problems/model-unavailable': {
    title: 'Model unavailable',
    detail: 'The language model is unavailable, so no answer was generated. Wait a moment, then ask again.',
  },
  '/problems/database-unavailable': {
    title: 'Database unavailable',
    detail: 'The database is unavailable. Wait a moment, then try again.',
  },
  '/problems/overloaded': {
    title: 'Overloaded',
    detail: 'Too many questions are waiting for an answer. Wait a moment, then ask again.',
  },
  '/problems/sign-in-unavailable': {
    title: 'Sign-in unavailable',
    detail: 'Your sign-in cannot be verified at the moment. Wait a moment, then try again.',
  },
};

const japanese: ProblemTexts = {
  unreachable: {
    title: 'サーバーに接続できません',
    detail: '接続を確認して、もう一度質問してください。回答済みの質問が二重に処理されることはありません。',
  },
  interrupted: {
    title: '回答が中断されました',
    detail: '途中までの内容は破棄されました。もう一度質問してください。同じ質問が二重に処理されることはありません。',
  },
  '/problems/bad-request': {
    title: '質問を処理できません',
    detail: '特殊な文字を取り除くか質問を短くして、もう一度質問してください。',
  },
  '/problems/unauthorized': { title: 'サインインが必要です', detail: 'もう一度サインインしてください。' },
  '/problems/forbidden': {
    title: '許可されていません',
    detail: 'ページを再読み込みしてください。解決しない場合は、もう一度サインインしてください。',
  },
  '/problems/not-found': {
    title: '見つかりません',
    detail: 'この会話または回答はすでに存在しません。ページを再読み込みして、新しい会話を始めてください。',
  },
  '/problems/method-not-allowed': {
    title: 'ページが古くなっています',
    detail: 'ページを再読み込みして、もう一度質問してください。',
  },
  '/problems/request-timeout': {
    title: 'リクエストがタイムアウトしました',
    detail: '質問を最後まで受信できませんでした。接続を確認して、もう一度質問してください。',
  },
  '/problems/question-in-progress': {
    title: '回答を生成中です',
    detail: '同じ質問への回答を生成しています。しばらく待ってから、もう一度質問してください。',
  },
  '/problems/question-cancelled': {
    title: '質問が取り消されました',
    detail: '回答の生成中にあなたのデータが消去されたため、回答は記録されませんでした。もう一度質問してください。',
  },
  '/problems/account-missing': {
    title: 'アカウントが見つかりません',
    detail: 'LMSにあなたのアカウントがありません。LMSにサインインしてから、もう一度質問してください。',
  },
  '/problems/content-too-large': {
    title: '質問が長すぎます',
    detail: '質問を短くして、もう一度質問してください。',
  },
  '/problems/unsupported-media-type': {
    title: 'ページが古くなっています',
    detail: 'ページを再読み込みして、もう一度質問してください。',
  },
  '/problems/idempotency-key-reused': {
    title: 'この質問はすでに送信されています',
    detail: 'ページを再読み込みして、もう一度質問してください。',
  },
  '/problems/content-filtered': {
    title: 'コンテンツフィルターによりブロックされました',
    detail:
      '言語モデルのコンテンツフィルターが、この質問またはその回答をブロックしました。表現を変えて質問してください。',
  },
  '/problems/context-exceeded': {
    title: '質問が長すぎて処理できません',
    detail:
      '質問と関連する資料の合計が、言語モデルで扱える長さを超えました。質問を短くするか、新しい会話を始めてください。',
  },
  '/problems/model-refused': {
    title: '言語モデルが回答を拒否しました',
    detail: 'この質問には回答できませんでした。表現を変えて質問してください。',
  },
  '/problems/tool-called': {
    title: '言語モデルが回答を生成しませんでした',
    detail:
      '言語モデルが、回答する代わりに、このサービスにはないツールを呼び出しました。表現を変えて質問してください。',
  },
  '/problems/too-many-requests': {
    title: '質問の回数が上限に達しました',
    detail: 'しばらく待ってから、もう一度質問してください。',
  },
  '/problems/headers-too-large': {
    title: 'リクエストヘッダーが大きすぎます',
    detail: 'このサイトのCookieを削除し、ページを再読み込みしてから、もう一度サインインしてください。',
  },
  '/problems/internal': {
    title: 'サーバー内部でエラーが発生しました',
    detail: 'もう一度質問してください。解決しない場合は、トレースIDを運用担当者にお知らせください。',
  },
  '/problems/model-unavailable': {
    title: '言語モデルを利用できません',
    detail: '回答を生成できませんでした。しばらく待ってから、もう一度質問してください。',
  },
  '/problems/database-unavailable': {
    title: 'データベースを利用できません',
    detail: 'しばらく待ってから、もう一度お試しください。',
  },
  '/problems/overloaded': {
    title: 'サーバーが混み合っています',
    detail: 'しばらく待ってから、もう一度質問してください。',
  },
  '/problems/sign-in-unavailable': {
    title: 'サインインを確認できません',
    detail: '現在、サインイン情報を検証できません。しばらく待ってから、もう一度お試しください。',
  },
};

export const problemTexts: Translated<ProblemTexts> = { en: english, ja: japanese };
