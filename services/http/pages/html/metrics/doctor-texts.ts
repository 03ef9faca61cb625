/** Texts of the page of the doctor, in both languages. */
import type { CheckedField } from '../../../../intake/missing-fields.ts';
import type { Translated } from '../shared/language.ts';

type DoctorTexts = {
  readonly title: (service: string) => string;
  readonly back: string;
  readonly noTurns: string;
  readonly latest: (turns: number) => string;
  readonly lastAt: string;
  readonly writtenBy: string;
  readonly findings: string;
  readonly noFindings: string;
  readonly fields: string;
  readonly field: string;
  readonly state: string;
  readonly why: string;
  readonly fix: string;
  readonly states: Readonly<Record<'arrived' | 'missing' | 'dropped', string>>;
  readonly some: (arrived: number, of: number) => string;
  readonly names: Readonly<Record<CheckedField, string>>;
};

export const doctorTexts: Translated<DoctorTexts> = {
  en: {
    title: (service) => `What arrives from ${service}`,
    back: 'Metrics of this service',
    noTurns: 'No turn has arrived.',
    latest: (turns) => (turns === 1 ? 'The latest turn.' : `The latest ${turns} turns.`),
    lastAt: 'Last turn:',
    writtenBy: 'Written by:',
    findings: 'Findings',
    noFindings: 'Nothing was found that prevents turns from arriving.',
    fields: 'Field by field',
    field: 'Field',
    state: 'State',
    why: 'Why',
    fix: 'Fix',
    states: { arrived: 'arrives', missing: 'is missing', dropped: 'was dropped by the SDK' },
    some: (arrived, of) => `arrives with ${arrived} of ${of} turns`,
    names: {
      question: 'Question',
      answer: 'Answer',
      documents: 'Documents',
      'documents.text': 'Text of documents',
      'documents.id': 'Id of documents',
      'documents.url': 'Address of documents',
      'documents.license': 'Licence of documents',
      model: 'Model',
      usage: 'Tokens',
      'usage.cached': 'Cached tokens',
      latencyMs: 'Latency',
      firstTokenMs: 'Time to first token',
      user: 'User',
      session: 'Session',
      release: 'Release',
      traceId: 'Trace ID',
      finishReason: 'Finish reason',
    },
  },
  ja: {
    title: (service) => `${service} から届いているデータ`,
    back: 'このサービスのメトリクス',
    noTurns: 'ターンはまだ届いていません。',
    latest: (turns) => `最新の${turns}ターンを調べました。`,
    lastAt: '最後のターン:',
    writtenBy: '送信元の計装:',
    findings: '問題点',
    noFindings: 'ターンの受信を妨げる問題は見つかりませんでした。',
    fields: '項目ごとの状態',
    field: '項目',
    state: '状態',
    why: '理由',
    fix: '対処',
    states: { arrived: '届いています', missing: '届いていません', dropped: 'SDK が省きました' },
    some: (arrived, of) => `${of}ターン中${arrived}ターンで届いています`,
    names: {
      question: '質問',
      answer: '回答',
      documents: '文書',
      'documents.text': '文書の本文',
      'documents.id': '文書の ID',
      'documents.url': '文書の URL',
      'documents.license': '文書のライセンス',
      model: 'モデル',
      usage: 'トークン数',
      'usage.cached': 'キャッシュされたトークン数',
      latencyMs: '応答時間',
      firstTokenMs: '最初のトークンまでの時間',
      user: 'ユーザー',
      session: 'セッション',
      release: 'リリース',
      traceId: 'トレース ID',
      finishReason: '終了理由',
    },
  },
};
