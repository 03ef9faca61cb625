/** The texts of the metrics page about objectives, totals and days, in both languages. */
import type { Direction, Objective } from '../../../../slo/objectives.ts';
import type { Met } from '../../../../slo/verdict.ts';
import type { Language, Translated } from '../shared/language.ts';

type MetricsTexts = {
  readonly title: string;
  readonly heading: string;
  readonly today: (day: string) => string;
  readonly legend: string;
  readonly status: (met: Met) => string;
  /** @param none objectives without data */
  readonly overall: (met: Met, none: number) => string;
  readonly byPrometheus: string;
  readonly counts: (count: { met: number; breached: number; none: number }) => string;
  readonly noTraffic: string;
  readonly breachedTab: (breached: number) => string;
  readonly direction: Readonly<Record<Direction, { readonly sign: string; readonly words: string }>>;
  readonly target: string;
  readonly noMeasurements: string;
  readonly announce: (title: string, status: string, value: string | null) => string;
  readonly lastDays: (met: number, measured: number) => string;
  readonly noDays: string;
  readonly chart: (title: string, days: number) => string;
  readonly chartRange: (from: string, to: string) => string;
  readonly priced: (priced: number, queries: number) => string;
  readonly totals: string;
  readonly answers: string;
  readonly notFound: string;
  readonly failures: string;
  readonly users: string;
  readonly citations: string;
  readonly sources: string;
  readonly votes: string;
  readonly voteCounts: (up: number, down: number) => string;
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

const statuses = (met: string, breached: string, none: string) => (verdict: Met) =>
  verdict === null ? none : verdict ? met : breached;

export const metricsTexts: Translated<MetricsTexts> = {
  en: {
    title: 'Metrics',
    heading: 'Service level objectives',
    today: (day) => `Today so far: ${day} (Asia/Tokyo)`,
    legend: 'Charts show the last 30 days. Dashed line: target. ✕: target breached. Gap: no data.',
    status: statuses('Met', 'Breached', 'No data'),
    overall: (met, none) =>
      statuses(
        none > 0 ? 'All objectives with data met' : 'All objectives met',
        'Objectives breached',
        'No data yet',
      )(met),
    byPrometheus: 'Prometheus measures this objective continuously; there are no values by day.',
    counts: ({ met, breached, none }) =>
      [`${met} met`, `${breached} breached`, ...(none > 0 ? [`${none} without data`] : [])].join(' · '),
    noTraffic: 'No questions yet today. Metrics appear after the first question.',
    breachedTab: (breached) => `${breached} breached`,
    direction: {
      atLeast: { sign: '≥', words: 'at least' },
      atMost: { sign: '≤', words: 'at most' },
      below: { sign: '<', words: 'below' },
    },
    target: 'Target',
    noMeasurements: 'No measurements',
    announce: (title, status, value) => `${title}: ${status}${value === null ? '' : `, ${value}`}.`,
    lastDays: (met, measured) => `Met on ${met} of ${measured} days with data`,
    noDays: 'No days with data yet',
    chart: (title, days) => `${title}, last ${days} days`,
    chartRange: (from, to) => `from ${from} to ${to}; the table below contains the same values`,
    priced: (priced, queries) => `${priced} of ${queries} answers have a price`,
    totals: 'Totals for today so far',
    answers: 'Answers',
    notFound: 'Of these, not found',
    failures: 'Failures',
    users: 'Users',
    citations: 'Valid citations',
    sources: 'Cited sources',
    votes: 'Votes',
    voteCounts: (up, down) => `${up} up, ${down} down`,
    totalCost: 'Total cost',
    noPrice: 'no price',
    tokens: 'Average tokens',
    p99: 'Latency P99',
    table: 'Last 30 days as a table',
    tableCaption: 'Days in Asia/Tokyo, newest first.',
    day: 'Day',
    verdict: 'Objectives',
    soFar: 'so far',
    notRolledUp: 'not available',
    zone: 'Days are in Asia/Tokyo. Past days come from rag_metrics_history; today is counted from the answers so far.',
    updated: 'Updated',
    pause: 'Pause updates',
    stale: 'Update failed. Showing data from the time above.',
  },
  ja: {
    title: 'メトリクス',
    heading: 'サービスレベル目標（SLO）',
    today: (day) => `今日: ${day}（日本時間、集計中）`,
    legend: 'グラフは直近30日間です。破線は目標値、✕は未達成の日、途切れている箇所はデータがない日を表します。',
    status: statuses('達成', '未達成', 'データなし'),
    overall: (met, none) =>
      statuses(
        none > 0 ? 'データのある目標はすべて達成しています' : 'すべての目標を達成しています',
        '未達成の目標があります',
        'まだデータがありません',
      )(met),
    byPrometheus: 'この目標はPrometheusが常時測定しています。日別の値はありません。',
    counts: ({ met, breached, none }) =>
      [`達成 ${met}`, `未達成 ${breached}`, ...(none > 0 ? [`データなし ${none}`] : [])].join(' · '),
    noTraffic: '今日の質問はまだありません。最初の質問の後にメトリクスが表示されます。',
    breachedTab: (breached) => `未達成 ${breached}`,
    direction: {
      atLeast: { sign: '≥', words: '以上' },
      atMost: { sign: '≤', words: '以下' },
      below: { sign: '<', words: '未満' },
    },
    target: '目標',
    noMeasurements: '測定値なし',
    announce: (title, status, value) => `${title}: ${status}${value === null ? '' : `、${value}`}。`,
    lastDays: (met, measured) => `データがある${measured}日のうち${met}日で達成`,
    noDays: 'データがある日はまだありません',
    chart: (title, days) => `${title}、直近${days}日間`,
    chartRange: (from, to) => `${from}から${to}まで。同じ値を下の表で確認できます`,
    priced: (priced, queries) => `${queries}件の回答のうち${priced}件に価格があります`,
    totals: '今日の合計（集計中）',
    answers: '回答',
    notFound: 'うち該当情報なし',
    failures: '失敗',
    users: 'ユーザー',
    citations: '有効な引用',
    sources: '引用された出典',
    votes: '評価',
    voteCounts: (up, down) => `高評価 ${up}、低評価 ${down}`,
    totalCost: '費用の合計',
    noPrice: '価格未設定',
    tokens: '平均トークン数',
    p99: '応答時間 P99',
    table: '直近30日間の表',
    tableCaption: '日付は日本時間、新しい順です。',
    day: '日付',
    verdict: '目標',
    soFar: '集計中',
    notRolledUp: '集計なし',
    zone: '日付は日本時間（Asia/Tokyo）です。過去の日の値は rag_metrics_history から取得し、今日の値はこれまでの回答から集計しています。',
    updated: '最終更新',
    pause: '自動更新を一時停止',
    stale: '更新できませんでした。表示しているのは上記の時刻のデータです。',
  },
};

export function titleIn(language: Language, { title, titleJa }: Pick<Objective, 'title' | 'titleJa'>): string {
  return language === 'ja' ? (titleJa ?? title) : title;
}

/** What to do if the objective is breached. */
export function actionIn(
  language: Language,
  { action = '', actionJa }: Pick<Objective, 'action' | 'actionJa'>,
): string {
  return language === 'ja' ? (actionJa ?? action) : action;
}
