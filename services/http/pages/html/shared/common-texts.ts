/** What every page says, in both languages. */
import type { InBoth } from './language.ts';

type CommonTexts = {
  readonly skip: string;
  readonly pages: string;
  readonly ask: string;
  readonly metrics: string;
  readonly signOut: string;
  readonly signedInAs: (who: string) => string;
  readonly sampleLearner: string;
  readonly signIn: {
    readonly title: string;
    readonly why: string;
    readonly token: string;
    readonly how: string;
    readonly button: string;
    readonly kept: string;
    /** Said of a refused token; empty: the server's own words. */
    readonly refused: string;
  };
  readonly problem: {
    readonly back: string;
    readonly traceId: string;
    /** Of the database that is away, where its numbers are all that a page has. */
    readonly databaseAway: { readonly title: string; readonly detail: string; readonly runbook: string };
  };
};

export const commonTexts: InBoth<CommonTexts> = {
  en: {
    skip: 'Skip to the content',
    pages: 'Pages',
    ask: 'Ask',
    metrics: 'Metrics',
    signOut: 'Sign out',
    signedInAs: (who) => `Signed in as ${who}`,
    sampleLearner: 'the sample learner',
    signIn: {
      title: 'Sign in with a token',
      why: 'This page is for people who are signed in.',
      token: 'Token',
      how: 'Take the token of your learning platform. Whoever runs this server can print one:',
      button: 'Sign in',
      kept: 'The token is kept in a cookie that no script can read, for 24 hours or until you sign out.',
      refused: '',
    },
    problem: {
      back: 'Try again',
      traceId: 'Trace id',
      databaseAway: {
        title: 'Database unavailable',
        detail:
          'The numbers of this page are in the database, which does not answer. Find out whether PostgreSQL runs and whether this server can reach it (/readyz tells), then try again. Nothing is known of the promises meanwhile.',
        runbook: 'What to do, step by step',
      },
    },
  },
  ja: {
    skip: '本文へ移動',
    pages: 'ページ',
    ask: '質問',
    metrics: 'メトリクス',
    signOut: 'サインアウト',
    signedInAs: (who) => `${who}としてサインイン中`,
    sampleLearner: 'サンプル学習者',
    signIn: {
      title: 'トークンでサインイン',
      why: 'このページを見るにはサインインが必要です。',
      token: 'トークン',
      how: '学習プラットフォームのトークンを入力してください。サーバーの運用者は次のコマンドで発行できます:',
      button: 'サインイン',
      kept: 'トークンは、スクリプトから読めないクッキーに、サインアウトするか24時間たつまで保存されます。',
      refused: 'このトークンは使えません。有効なトークンを入力してください。',
    },
    problem: {
      back: 'もう一度試す',
      traceId: 'トレースID',
      databaseAway: {
        title: 'データベースを利用できません',
        detail:
          'このページの数字はデータベースにありますが、応答がありません。PostgreSQLが動いているか、このサーバーから接続できるか（/readyz で分かります）を確かめて、もう一度試してください。それまで約束の状態は分かりません。',
        runbook: '対処の手順（英語）',
      },
    },
  },
};
