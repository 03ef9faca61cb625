/** What the metrics page says, in both languages. */
import type { Direction, ObjectiveKey } from '../../../../slo/objectives.ts';
import type { Met } from '../../../../slo/verdict.ts';
import type { InBoth } from '../shared/language.ts';

type MetricsTexts = {
  readonly title: string;
  readonly heading: string;
  readonly today: (day: string) => string;
  readonly legend: string;
  readonly status: (met: Met) => string;
  readonly overall: (met: Met) => string;
  readonly counts: (count: { met: number; missed: number; none: number }) => string;
  readonly noTraffic: string;
  readonly missedTab: (missed: number) => string;
  readonly objective: Readonly<Record<ObjectiveKey, string>>;
  /** What is told of a breach beside the objective's own words. */
  readonly action: (key: ObjectiveKey, action: string) => string;
  readonly direction: Readonly<Record<Direction, { readonly sign: string; readonly words: string }>>;
  readonly target: string;
  readonly nothing: string;
  readonly announce: (title: string, status: string, value: string | null) => string;
  readonly lastDays: (met: number, measured: number) => string;
  readonly noDays: string;
  readonly chart: (title: string, days: number) => string;
  readonly chartOf: (from: string, to: string) => string;
  readonly priced: (priced: number, queries: number) => string;
  readonly totals: string;
  readonly answers: string;
  readonly notFound: string;
  readonly failures: string;
  readonly users: string;
  readonly citations: string;
  readonly sources: string;
  readonly votes: string;
  readonly votesFor: (up: number, down: number) => string;
  readonly totalCost: string;
  readonly noPrice: string;
  readonly tokens: string;
  readonly p99: string;
  readonly table: string;
  readonly tableCaption: string;
  readonly day: string;
  readonly verdict: string;
  readonly soFar: string;
  readonly notRolledUp: string;
  readonly zone: string;
  readonly updated: string;
  readonly pause: string;
  readonly stale: string;
};

const statuses = (met: string, missed: string, none: string) => (verdict: Met) =>
  verdict === null ? none : verdict ? met : missed;

export const metricsTexts: InBoth<MetricsTexts> = {
  en: {
    title: 'Metrics',
    heading: 'Answers against their promises',
    today: (day) => `Today so far: ${day}, Asia/Tokyo`,
    legend: 'Charts: the last 30 days. Dashed line: the promise. ✕: a day that missed it. Gap: a day without data.',
    status: statuses('Met', 'Missed', 'No data'),
    overall: statuses('Promises are met', 'Promises are missed', 'No data yet'),
    counts: ({ met, missed, none }) =>
      [`${met} met`, `${missed} missed`, ...(none > 0 ? [`${none} without data`] : [])].join(' · '),
    noTraffic: 'No traffic yet today. Ask a question and its numbers appear here.',
    missedTab: (missed) => `${missed} missed`,
    objective: {
      citationRate: 'Answers with a valid citation',
      latencyP50: 'Latency P50',
      latencyP95: 'Latency P95',
      costPerAnswer: 'Cost per answer',
      relevance: 'Relevance',
      errorRate: 'Error rate',
    },
    action: (_key, action) => action,
    direction: {
      atLeast: { sign: '≥', words: 'at least' },
      atMost: { sign: '≤', words: 'at most' },
      below: { sign: '<', words: 'below' },
    },
    target: 'Promise',
    nothing: 'Nothing measured',
    announce: (title, status, value) => `${title}: ${status}${value === null ? '' : `, ${value}`}.`,
    lastDays: (met, measured) => `Met on ${met} of ${measured} days with data`,
    noDays: 'No day with data yet',
    chart: (title, days) => `${title}, last ${days} days`,
    chartOf: (from, to) => `from ${from} to ${to}; the table below holds the same numbers`,
    priced: (priced, queries) => `${priced} of ${queries} answers have a price`,
    totals: 'Totals of today so far',
    answers: 'Answers',
    notFound: 'of them not found',
    failures: 'Failures',
    users: 'Users',
    citations: 'Valid citations',
    sources: 'Sources cited',
    votes: 'Votes',
    votesFor: (up, down) => `${up} up, ${down} down`,
    totalCost: 'Total cost',
    noPrice: 'no price',
    tokens: 'Mean tokens',
    p99: 'Latency P99',
    table: 'The last 30 days as a table',
    tableCaption: 'Every day in Asia/Tokyo, newest first.',
    day: 'Day',
    verdict: 'Promises',
    soFar: 'so far',
    notRolledUp: 'no row',
    zone: 'Days are those of Asia/Tokyo. Past days come from rag_metrics_history; today is counted from the rows so far.',
    updated: 'Updated',
    pause: 'Pause updates',
    stale: 'Cannot be updated now; these numbers are of the time shown.',
  },
  ja: {
    title: 'メトリクス',
    heading: '回答の品質と約束',
    today: (day) => `今日これまで: ${day}（日本時間）`,
    legend: 'グラフは直近30日。破線は約束、✕は未達の日、切れ目はデータのない日です。',
    status: statuses('達成', '未達', 'データなし'),
    overall: statuses('約束を守れています', '守れていない約束があります', 'まだデータがありません'),
    counts: ({ met, missed, none }) =>
      [`達成 ${met}`, `未達 ${missed}`, ...(none > 0 ? [`データなし ${none}`] : [])].join(' · '),
    noTraffic: '今日はまだ質問がありません。質問すると、ここに数字が現れます。',
    missedTab: (missed) => `未達 ${missed}`,
    objective: {
      citationRate: '有効な引用のある回答',
      latencyP50: '応答時間 P50',
      latencyP95: '応答時間 P95',
      costPerAnswer: '1回答あたりの費用',
      relevance: '関連度',
      errorRate: 'エラー率',
    },
    action: (key, action) => japaneseActions[key] ?? action,
    direction: {
      atLeast: { sign: '≥', words: '以上' },
      atMost: { sign: '≤', words: '以下' },
      below: { sign: '<', words: '未満' },
    },
    target: '約束',
    nothing: '計測なし',
    announce: (title, status, value) => `${title}: ${status}${value === null ? '' : `、${value}`}。`,
    lastDays: (met, measured) => `データのある${measured}日のうち${met}日で達成`,
    noDays: 'データのある日はまだありません',
    chart: (title, days) => `${title}、直近${days}日`,
    chartOf: (from, to) => `${from}から${to}まで。同じ数字が下の表にあります`,
    priced: (priced, queries) => `${queries}件の回答のうち${priced}件に価格あり`,
    totals: '今日これまでの合計',
    answers: '回答',
    notFound: 'うち見つからず',
    failures: '失敗',
    users: '利用者',
    citations: '有効な引用',
    sources: '引用された資料',
    votes: '評価',
    votesFor: (up, down) => `良い ${up}、良くない ${down}`,
    totalCost: '費用の合計',
    noPrice: '価格なし',
    tokens: '平均トークン数',
    p99: '応答時間 P99',
    table: '直近30日の表',
    tableCaption: '日付は日本時間、新しい順。',
    day: '日付',
    verdict: '約束',
    soFar: 'これまで',
    notRolledUp: '集計なし',
    zone: '日付は日本時間（Asia/Tokyo）です。過去の日は rag_metrics_history から、今日はこれまでの行から数えています。',
    updated: '更新',
    pause: '更新を止める',
    stale: '今は更新できません。数字は表示の時刻のものです。',
  },
};

const japaneseActions: Partial<Record<ObjectiveKey, string>> = {
  citationRate: '資料を見直してください',
  latencyP95: '検索とクエリを最適化してください',
  costPerAnswer: 'モデルの使い方を見直してください',
  errorRate: 'ログを調べてください',
};
