/** What the metrics page says of error budgets, alerts, single answers and sources, in both languages. */
import type { HealthStatus } from '../../../../provenance/source.ts';
import type { BurnRateWindow } from '../../../../slo/slo-status.ts';
import type { InBoth } from '../shared/language.ts';

type StandingTexts = {
  readonly budget: {
    readonly left: (share: string) => string;
    readonly overspent: (share: string) => string;
    readonly noEvents: string;
    readonly ofMean: string;
    readonly burns: string;
    readonly span: Readonly<Record<BurnRateWindow, string>>;
    readonly lasts: (span: string) => string;
    readonly spent: string;
    readonly notBurning: string;
    readonly fromPrometheus: string;
    readonly fromRows: string;
    readonly asOf: string;
  };
  readonly alerts: {
    readonly title: string;
    readonly none: string;
    readonly firing: (count: number) => string;
    readonly notConnected: string;
    readonly waiting: string;
    readonly away: string;
    readonly rulesStand: string;
    readonly unknown: string;
    readonly caption: string;
    readonly severity: string;
    readonly severities: Readonly<Record<string, string>>;
    readonly name: string;
    readonly about: string;
    readonly since: string;
    readonly until: string;
    readonly fires: string;
    readonly noneLately: string;
  };
  readonly worst: {
    readonly title: string;
    readonly caption: string;
    readonly none: string;
    readonly at: string;
    readonly vote: string;
    readonly up: string;
    readonly down: string;
    readonly noVote: string;
    readonly cited: string;
    readonly relevance: string;
    readonly notJudged: string;
    readonly took: string;
    readonly cost: string;
    readonly noPrice: string;
    readonly model: string;
    readonly answer: string;
    readonly trace: string;
    readonly notTraced: string;
  };
  readonly sources: {
    readonly title: string;
    readonly caption: string;
    readonly none: string;
    readonly source: string;
    readonly health: string;
    readonly healths: Readonly<Record<HealthStatus, string>>;
    readonly notChecked: string;
    readonly disabled: string;
    readonly lastSync: string;
    readonly never: string;
    readonly running: string;
    readonly failed: string;
    readonly succeeded: string;
    readonly documents: string;
    readonly failing: string;
  };
  readonly forAdmins: string;
};

const english: StandingTexts = {
  budget: {
    left: (share) => `Error budget: ${share} left of 30 days`,
    overspent: (share) => `Error budget: overspent by ${share} in 30 days`,
    noEvents: 'Error budget: nothing measured in 30 days',
    ofMean: 'A mean has no error budget',
    burns: 'Burn rate',
    span: { '1h': '1 h', '6h': '6 h', today: 'today', '7d': '7 days' },
    lasts: (span) => `lasts ${span} at this pace`,
    spent: 'nothing is left',
    notBurning: 'not being spent',
    fromPrometheus:
      'Error budgets: as Prometheus tells alerts and boards. A burn rate of 1 spends the budget in just 30 days.',
    fromRows:
      'Error budgets: reckoned from the rows of the days, because no Prometheus tells them. A burn rate of 1 spends the budget in just 30 days.',
    asOf: 'As of',
  },
  alerts: {
    title: 'Alerts',
    none: 'Nothing fires',
    firing: (count) => (count === 1 ? '1 alert fires' : `${count} alerts fire`),
    notConnected:
      'Not connected: no Prometheus is named, so nothing is known of alerts. Set PROMETHEUS_URL for the chat server and start it again.',
    waiting: 'Prometheus has not answered yet. It is asked again with the next update.',
    away: 'Prometheus does not answer, so nothing is known of alerts. Find out whether it runs and whether PROMETHEUS_URL is right.',
    rulesStand:
      'The alert that always fires does not: rules are not evaluated, so that nothing fires says nothing. What to do',
    unknown: 'Not known',
    caption:
      'What fires, critical first, then what ended within a week. Times in Asia/Tokyo, of ended ones to five minutes.',
    severity: 'Severity',
    severities: { critical: 'Critical', warning: 'Warning' },
    name: 'Alert and runbook',
    about: 'About',
    since: 'Since',
    until: 'Until',
    fires: 'fires',
    noneLately: 'None within a week.',
  },
  worst: {
    title: 'The worst answers of today and yesterday',
    caption:
      'Of the latest 20,000 answers at most. Voted down first, then without a valid citation, then by relevance and by how long they took. What was asked and answered stays with the learner.',
    none: 'No answers on these days.',
    at: 'Answered',
    vote: 'Vote',
    up: 'up',
    down: 'down',
    noVote: 'none',
    cited: 'Sentences cited',
    relevance: 'Relevance',
    notJudged: 'not judged',
    took: 'Took',
    cost: 'Cost',
    noPrice: 'no price',
    model: 'Model',
    answer: 'Answer id',
    trace: 'Trace id',
    notTraced: 'not traced',
  },
  sources: {
    title: 'Content sources',
    caption: 'Each source that is registered. Failing: documents that could not be taken in when that was last tried.',
    none: 'No source is registered. Files taken in by hand have no health and no sync. Add one with: cli -- sources add',
    source: 'Source',
    health: 'Health',
    healths: { healthy: 'healthy', degraded: 'degraded', down: 'down' },
    notChecked: 'never checked',
    disabled: 'disabled',
    lastSync: 'Last sync',
    never: 'never',
    running: 'running since',
    failed: 'failed',
    succeeded: 'succeeded',
    documents: 'Documents',
    failing: 'Failing',
  },
  forAdmins:
    'Alerts, single answers and content sources are for administrators: sign in with the token of one to see them.',
};

const japanese: StandingTexts = {
  budget: {
    left: (share) => `エラーバジェット: 30日分の残り ${share}`,
    overspent: (share) => `エラーバジェット: 30日で${share}超過`,
    noEvents: 'エラーバジェット: 30日間計測なし',
    ofMean: '平均値にはエラーバジェットがありません',
    burns: 'バーンレート',
    span: { '1h': '1時間', '6h': '6時間', today: '今日', '7d': '7日' },
    lasts: (span) => `このままならあと${span}`,
    spent: '残りなし',
    notBurning: '消費なし',
    fromPrometheus:
      'エラーバジェットはPrometheusの値で、アラートやダッシュボードと同じです。バーンレート1なら、ちょうど30日で使い切ります。',
    fromRows:
      'エラーバジェットは日ごとの行から計算しています（Prometheusの値がないため）。バーンレート1なら、ちょうど30日で使い切ります。',
    asOf: '時点',
  },
  alerts: {
    title: 'アラート',
    none: '発生中のアラートはありません',
    firing: (count) => `${count}件のアラートが発生中`,
    notConnected:
      '未接続: Prometheusが指定されていないため、アラートの状態は分かりません。チャットサーバーにPROMETHEUS_URLを設定し、再起動してください。',
    waiting: 'Prometheusはまだ応答していません。次の更新でもう一度問い合わせます。',
    away: 'Prometheusが応答しないため、アラートの状態は分かりません。動いているか、PROMETHEUS_URLが正しいかを確かめてください。',
    rulesStand:
      '常に発生するはずのアラートが発生していません。ルールが評価されていないため、アラートがないことは何も示しません。対処',
    unknown: '不明',
    caption: '発生中のもの（重大が先）、続いて1週間以内に終わったもの。時刻は日本時間、終わったものは5分単位です。',
    severity: '重大度',
    severities: { critical: '重大', warning: '警告' },
    name: 'アラートと手順書',
    about: '対象',
    since: '開始',
    until: '終了',
    fires: '発生中',
    noneLately: '1週間以内にはありません。',
  },
  worst: {
    title: '今日と昨日の、気をつけたい回答',
    caption:
      '新しい回答から最大2万件。低評価、有効な引用なし、関連度の低さ、応答時間の長さの順。質問と回答の文章は学習者だけのものです。',
    none: 'この2日間に回答はありません。',
    at: '回答日時',
    vote: '評価',
    up: '良い',
    down: '良くない',
    noVote: 'なし',
    cited: '引用のある文',
    relevance: '関連度',
    notJudged: '未評価',
    took: '応答時間',
    cost: '費用',
    noPrice: '価格なし',
    model: 'モデル',
    answer: '回答ID',
    trace: 'トレースID',
    notTraced: 'トレースなし',
  },
  sources: {
    title: 'コンテンツの取得元',
    caption: '登録されている取得元。「失敗中」は、最後の試みで取り込めなかった文書です。',
    none: '登録された取得元はありません。手で取り込んだファイルには状態も同期もありません。追加: cli -- sources add',
    source: '取得元',
    health: '状態',
    healths: { healthy: '正常', degraded: '低下', down: '停止' },
    notChecked: '未確認',
    disabled: '無効',
    lastSync: '最後の同期',
    never: 'なし',
    running: '実行中、開始',
    failed: '失敗',
    succeeded: '成功',
    documents: '文書',
    failing: '失敗中',
  },
  forAdmins:
    'アラート、個々の回答、コンテンツの取得元は管理者だけが見られます。管理者のトークンでサインインしてください。',
};

export const standingTexts: InBoth<StandingTexts> = { en: english, ja: japanese };
