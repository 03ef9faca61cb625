/** The texts that all pages share, in both languages. */
import type { Translated } from './language.ts';

type CommonTexts = {
  readonly skip: string;
  readonly pages: string;
  readonly ask: string;
  readonly metrics: string;
  readonly signOut: string;
  readonly signedInAs: (user: string) => string;
  readonly sampleLearner: string;
  readonly signIn: {
    readonly title: string;
    readonly why: string;
    readonly token: string;
    readonly how: string;
    readonly button: string;
    readonly storage: string;
    /** Shown for a rejected token. Empty: the detail of the server's problem document is shown. */
    readonly rejected: string;
  };
  readonly problem: {
    readonly retry: string;
    readonly traceId: string;
    /** Shown by the metrics page, which cannot show anything without the database. */
    readonly databaseUnavailable: { readonly title: string; readonly detail: string; readonly runbook: string };
  };
};

export const commonTexts: Translated<CommonTexts> = {
  en: {
    skip: 'Skip to main content',
    pages: 'Pages',
    ask: 'Ask',
    metrics: 'Metrics',
    signOut: 'Sign out',
    signedInAs: (user) => `Signed in as ${user}`,
    sampleLearner: 'sample learner',
    signIn: {
      title: 'Sign in with a token',
      why: 'Sign in to view this page.',
      token: 'Token',
      how: 'Use a token of your learning platform. Operators can create one with:',
      button: 'Sign in',
      storage:
        'The token is stored in a cookie that scripts cannot read. It is deleted after 24 hours or when you sign out.',
      rejected: '',
    },
    problem: {
      retry: 'Try again',
      traceId: 'Trace ID',
      databaseUnavailable: {
        title: 'Database unavailable',
        detail:
          'This page reads its data from the database, which does not respond. Check that PostgreSQL is running and that this server can reach it (see /readyz), then try again. SLO status is unavailable until it recovers.',
        runbook: 'Open the runbook',
      },
    },
  },
  ja: {
    skip: '本文へスキップ',
    pages: 'ページ',
    ask: '質問',
    metrics: 'メトリクス',
    signOut: 'サインアウト',
    signedInAs: (user) => `${user}としてサインイン中`,
    sampleLearner: 'サンプル学習者',
    signIn: {
      title: 'トークンでサインイン',
      why: 'このページを表示するには、サインインしてください。',
      token: 'トークン',
      how: '学習プラットフォームのトークンを入力してください。運用担当者は次のコマンドで発行できます:',
      button: 'サインイン',
      storage:
        'トークンは、スクリプトから読み取れないCookieに保存されます。24時間後、またはサインアウト時に削除されます。',
      rejected: 'このトークンは無効です。有効なトークンを入力してください。',
    },
    problem: {
      retry: '再試行',
      traceId: 'トレースID',
      databaseUnavailable: {
        title: 'データベースを利用できません',
        detail:
          'このページのデータを保存しているデータベースから応答がありません。PostgreSQLが稼働しているか、このサーバーから接続できるか（/readyz を参照）を確認してから、再試行してください。復旧するまで、SLOの状態は確認できません。',
        runbook: 'ランブックを開く（英語）',
      },
    },
  },
};
