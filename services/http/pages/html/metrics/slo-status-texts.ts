/** The texts of the metrics page about error budgets, alerts, worst answers and sources, in both languages. */
import type { HealthStatus } from '../../../../provenance/source.ts';
import type { BurnRateWindow } from '../../../../slo/slo-status.ts';
import type { Translated } from '../shared/language.ts';

type SloStatusTexts = {
  readonly budget: {
    readonly remaining: (share: string) => string;
    readonly overspent: (share: string) => string;
    readonly noEvents: string;
    readonly ofMean: string;
    readonly burnRate: string;
    readonly window: Readonly<Record<BurnRateWindow, string>>;
    readonly exhaustedIn: (span: string) => string;
    readonly exhausted: string;
    readonly notBurning: string;
    readonly fromPrometheus: string;
    readonly fromDatabase: string;
    readonly asOf: string;
  };
  readonly alerts: {
    readonly title: string;
    readonly none: string;
    readonly firing: (count: number) => string;
    readonly notConnected: string;
    readonly waiting: string;
    readonly unreachable: string;
    readonly watchdogMissing: string;
    readonly unknown: string;
    readonly caption: string;
    readonly severity: string;
    readonly severities: Readonly<Record<string, string>>;
    readonly name: string;
    readonly about: string;
    readonly since: string;
    readonly until: string;
    readonly stillFiring: string;
    readonly noRecent: string;
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
    readonly notScored: string;
    readonly latency: string;
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

const english: SloStatusTexts = {
  budget: {
    remaining: (share) => `Error budget: ${share} of 30 days remaining`,
    overspent: (share) => `Error budget: overspent by ${share} in 30 days`,
    noEvents: 'Error budget: no data in 30 days',
    ofMean: 'No error budget: this objective is a mean',
    burnRate: 'Burn rate',
    window: { '1h': '1 h', '6h': '6 h', today: 'today', '7d': '7 days' },
    exhaustedIn: (span) => `exhausted in ${span} at this rate`,
    exhausted: 'exhausted',
    notBurning: 'not burning',
    fromPrometheus:
      'Error budgets from Prometheus, as used by alerts and dashboards. A burn rate of 1 uses the budget in exactly 30 days.',
    fromDatabase:
      'Error budgets computed from daily aggregates (Prometheus not connected). A burn rate of 1 uses the budget in exactly 30 days.',
    asOf: 'As of',
  },
  alerts: {
    title: 'Alerts',
    none: 'No alerts firing',
    firing: (count) => (count === 1 ? '1 alert firing' : `${count} alerts firing`),
    notConnected:
      'Prometheus is not configured, so alerts are unavailable. Set PROMETHEUS_URL for the chat server and restart it.',
    waiting: 'Waiting for Prometheus. Alerts appear with the next update.',
    unreachable:
      'Prometheus is unreachable, so alert status is unknown. Check that it is running and that PROMETHEUS_URL is correct.',
    watchdogMissing:
      'The watchdog alert is missing: Prometheus is not evaluating rules, so alert status is unknown. See runbook',
    unknown: 'Unknown',
    caption:
      'Firing alerts, critical first, then alerts resolved within the last week. Times are in Asia/Tokyo; resolved alerts are accurate to five minutes.',
    severity: 'Severity',
    severities: { critical: 'Critical', warning: 'Warning' },
    name: 'Alert (runbook)',
    about: 'SLO and service',
    since: 'Started',
    until: 'Resolved',
    stillFiring: 'firing',
    noRecent: 'No alerts within the last week.',
  },
  worst: {
    title: 'Worst answers of today and yesterday',
    caption:
      'Based on at most the latest 20,000 answers. Downvoted answers first, then those without a valid citation, then by lowest relevance and highest latency. Question and answer text is not shown.',
    none: 'No answers today or yesterday.',
    at: 'Answered',
    vote: 'Vote',
    up: 'up',
    down: 'down',
    noVote: 'none',
    cited: 'Sentences cited',
    relevance: 'Relevance',
    notScored: 'not scored',
    latency: 'Latency',
    cost: 'Cost',
    noPrice: 'no price',
    model: 'Model',
    answer: 'Answer ID',
    trace: 'Trace ID',
    notTraced: 'not traced',
  },
  sources: {
    title: 'Content sources',
    caption: 'Registered sources. Failing: documents whose last ingestion failed.',
    none: 'No sources are registered. Manually ingested files have no health status and no sync. To add a source, run: cli -- sources add',
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
  forAdmins: 'Sign in as an administrator to see alerts, worst answers and sources.',
};

const japanese: SloStatusTexts = {
  budget: {
    remaining: (share) => `エラーバジェット: 30日間の残り ${share}`,
    overspent: (share) => `エラーバジェット: 30日間で${share}超過`,
    noEvents: 'エラーバジェット: 30日間のデータなし',
    ofMean: 'エラーバジェットなし（平均値の目標）',
    burnRate: 'バーンレート',
    window: { '1h': '1時間', '6h': '6時間', today: '今日', '7d': '7日' },
    exhaustedIn: (span) => `このペースではあと${span}で枯渇`,
    exhausted: '枯渇',
    notBurning: '消費なし',
    fromPrometheus:
      'エラーバジェットはPrometheusから取得した値で、アラートやダッシュボードと同じものです。バーンレートが1の場合、ちょうど30日で使い切ります。',
    fromDatabase:
      'エラーバジェットは日次集計から計算した値です（Prometheusに接続していません）。バーンレートが1の場合、ちょうど30日で使い切ります。',
    asOf: '取得時刻:',
  },
  alerts: {
    title: 'アラート',
    none: '発生中のアラートはありません',
    firing: (count) => `${count}件のアラートが発生中`,
    notConnected:
      'Prometheusが設定されていないため、アラートを表示できません。チャットサーバーにPROMETHEUS_URLを設定して再起動してください。',
    waiting: 'Prometheusの応答を待っています。次回の更新時に表示されます。',
    unreachable:
      'Prometheusに接続できないため、アラートの状態は不明です。Prometheusが稼働しているか、PROMETHEUS_URLが正しいかを確認してください。',
    watchdogMissing:
      'ウォッチドッグアラートがありません。Prometheusがルールを評価していないため、アラートの状態は不明です。ランブック（英語）',
    unknown: '不明',
    caption:
      '発生中のアラート（重大なものが先）、続いて過去1週間に解消したアラートです。時刻は日本時間で、解消したアラートの時刻は5分単位です。',
    severity: '重大度',
    severities: { critical: '重大', warning: '警告' },
    name: 'アラート（ランブック）',
    about: 'SLO・サービス',
    since: '発生',
    until: '解消',
    stillFiring: '発生中',
    noRecent: '過去1週間にアラートはありません。',
  },
  worst: {
    title: '要確認の回答（今日と昨日）',
    caption:
      '最新の2万件までを対象に、低評価の回答、有効な引用がない回答、関連度の低い順、応答時間の長い順に表示します。質問と回答の本文は表示しません。',
    none: '今日と昨日の回答はありません。',
    at: '回答日時',
    vote: '評価',
    up: '高評価',
    down: '低評価',
    noVote: 'なし',
    cited: '引用がある文',
    relevance: '関連度',
    notScored: '未評価',
    latency: '応答時間',
    cost: '費用',
    noPrice: '価格未設定',
    model: 'モデル',
    answer: '回答ID',
    trace: 'トレースID',
    notTraced: 'トレースなし',
  },
  sources: {
    title: 'コンテンツの取得元',
    caption: '登録済みの取得元です。「失敗」は、最後の取り込みに失敗した文書の数です。',
    none: '登録済みの取得元はありません。手動で取り込んだファイルには、ヘルスチェックと同期がありません。取得元を追加するには、次を実行してください: cli -- sources add',
    source: '取得元',
    health: '状態',
    healths: { healthy: '正常', degraded: '低下', down: '停止' },
    notChecked: '未確認',
    disabled: '無効',
    lastSync: '最終同期',
    never: 'なし',
    running: '実行中、開始:',
    failed: '失敗',
    succeeded: '成功',
    documents: '文書数',
    failing: '失敗',
  },
  forAdmins: 'アラート、要確認の回答、コンテンツの取得元を表示するには、管理者としてサインインしてください。',
};

export const sloStatusTexts: Translated<SloStatusTexts> = { en: english, ja: japanese };
