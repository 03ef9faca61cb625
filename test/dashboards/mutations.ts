/** Ways to break a dashboard. A check must find each of them. */
import type { DashboardJson, PanelJson, Target } from './dashboard-json.ts';
import { targetsOf, visiblePanels } from './dashboard-json.ts';

export type Mutation = {
  readonly name: string;
  readonly of: string;
  readonly change: (dashboard: DashboardJson) => void;
};

const panel = (dashboard: DashboardJson, type: string): PanelJson => {
  const found = visiblePanels(dashboard).find((each) => each.type === type);
  if (found === undefined) throw new Error(`${dashboard.title} has no ${type}`);
  return found;
};
const target = (dashboard: DashboardJson, wanted: (target: Target) => boolean): Target => {
  const found = targetsOf(dashboard).find((each) => wanted(each.target));
  if (found === undefined) throw new Error(`${dashboard.title} has no such query`);
  return found.target;
};
const promql = (dashboard: DashboardJson, part: string) =>
  target(dashboard, ({ expr }) => expr?.includes(part) === true);
const sql = (dashboard: DashboardJson, part: string) =>
  target(dashboard, ({ rawSql }) => rawSql?.includes(part) === true);
const replace = (query: Target, from: string, to: string) => {
  if (query.expr !== undefined) query.expr = query.expr.replace(from, to);
  if (query.rawSql !== undefined) query.rawSql = query.rawSql.replace(from, to);
};

const mutation = (of: string, name: string, change: (dashboard: DashboardJson) => void): Mutation => ({
  of,
  name,
  change,
});

export const mutations: readonly Mutation[] = [
  mutation('rag-requests', 'a metric is misspelled', (dashboard) =>
    replace(promql(dashboard, 'rag_answers_total'), 'rag_answers_total', 'rag_answer_total'),
  ),
  mutation('rag-requests', 'a label is misspelled', (dashboard) =>
    replace(promql(dashboard, 'outcome="failed"'), 'outcome=', 'outcomes='),
  ),
  mutation('rag-requests', 'a label value does not exist', (dashboard) =>
    replace(promql(dashboard, 'outcome="failed"'), '"failed"', '"failure"'),
  ),
  mutation('rag-requests', 'a parenthesis is missing', (dashboard) =>
    replace(promql(dashboard, 'rate('), 'rate(', 'rate(('),
  ),
  mutation('rag-requests', 'a rate has no range', (dashboard) =>
    replace(promql(dashboard, '[$__rate_interval]'), '[$__rate_interval]', ''),
  ),
  mutation('rag-requests', 'a rate has a fixed window', (dashboard) =>
    replace(promql(dashboard, '[$__rate_interval]'), '$__rate_interval', '5m'),
  ),
  mutation('rag-requests', 'a counter is summed without a rate', (dashboard) => {
    promql(dashboard, 'rag_records_pending').expr = 'sum(rag_answers_total)';
  }),
  mutation('rag-requests', 'a histogram does not exist', (dashboard) =>
    replace(promql(dashboard, 'rag_answer_duration_seconds_bucket'), '_seconds_bucket', '_bucket'),
  ),
  mutation('rag-requests', 'a variable does not exist', (dashboard) =>
    replace(promql(dashboard, 'rag_answers_total{'), 'service=~"$service"', 'service=~"$services"'),
  ),
  mutation('rag-requests', 'a series has no legend', (dashboard) => {
    delete target(dashboard, ({ legendFormat }) => legendFormat === 'P50').legendFormat;
  }),
  mutation('rag-requests', 'a query is neither range nor instant', (dashboard) => {
    delete target(dashboard, ({ range }) => range === true).range;
  }),
  mutation('rag-cost', 'a column is misspelled', (dashboard) =>
    replace(sql(dashboard, 'token_cost_jpy'), 'token_cost_jpy', 'token_cost_yen'),
  ),
  mutation('rag-cost', 'a statement reads a table with user text', (dashboard) =>
    replace(sql(dashboard, 'reporting.answers'), 'reporting.answers', 'public.ai_dialogue_log'),
  ),
  mutation('rag-cost', 'a macro is misspelled', (dashboard) =>
    replace(sql(dashboard, '$__timeFilter'), '$__timeFilter', '$__timefilter'),
  ),
  mutation('rag-cost', 'a macro argument contains a parenthesis', (dashboard) =>
    replace(sql(dashboard, '$__timeFilter(created_at)'), 'created_at)', "date_trunc('day', created_at))"),
  ),
  mutation('rag-cost', 'a statement writes', (dashboard) => {
    sql(dashboard, 'model_used as model').rawSql = 'delete from reporting.answers where $__timeFilter(created_at)';
  }),
  mutation('rag-cost', 'a statement reads rows of all time', (dashboard) =>
    replace(sql(dashboard, 'model_used as model'), 'where $__timeFilter(created_at)', ''),
  ),
  mutation('rag-business', 'a series has no time', (dashboard) =>
    replace(sql(dashboard, 'as time'), 'as time', 'as day'),
  ),
  mutation('rag-business', 'the rows of a series are not in ascending order', (dashboard) =>
    replace(sql(dashboard, 'order by date'), 'order by date', 'order by date desc'),
  ),
  mutation('rag-business', 'a column is numeric', (dashboard) =>
    replace(sql(dashboard, 'sum(total_cost)::float8'), '::float8', ''),
  ),
  mutation('rag-slo', 'a unit does not exist', (dashboard) => {
    const { fieldConfig } = panel(dashboard, 'stat');
    if (fieldConfig) fieldConfig.defaults.unit = 'procent';
  }),
  mutation('rag-slo', 'a description is too short', (dashboard) => {
    panel(dashboard, 'timeseries').description = 'Latency.';
  }),
  mutation('rag-slo', 'a panel has no queries', (dashboard) => {
    panel(dashboard, 'stat').targets = [];
  }),
  mutation('rag-slo', 'a panel has no text for missing data', (dashboard) => {
    const { fieldConfig } = panel(dashboard, 'stat');
    delete fieldConfig?.defaults.noValue;
  }),
  mutation('rag-slo', 'two panels have the same id', (dashboard) => {
    panel(dashboard, 'table').id = panel(dashboard, 'stat').id;
  }),
  mutation('rag-slo', 'two panels overlap', (dashboard) => {
    panel(dashboard, 'table').gridPos.y -= 2;
  }),
  mutation('rag-slo', 'a panel is wider than the dashboard', (dashboard) => {
    panel(dashboard, 'timeseries').gridPos.w = 30;
  }),
  mutation('rag-slo', 'the lowest threshold step has a value', (dashboard) => {
    const [first] = panel(dashboard, 'stat').fieldConfig?.defaults.thresholds?.steps ?? [];
    if (first) first.value = 0;
  }),
  mutation('rag-slo', 'a threshold differs from the objective', (dashboard) => {
    for (const { fieldConfig } of visiblePanels(dashboard)) {
      for (const step of fieldConfig?.defaults.thresholds?.steps ?? []) if (step.value === 0.65) step.value = 0.66;
      for (const { properties } of fieldConfig?.overrides ?? []) {
        for (const { id, value } of properties) {
          if (id !== 'thresholds') continue;
          for (const step of (value as { steps: { value: number | null }[] }).steps)
            if (step.value === 0.65) step.value = 0.66;
        }
      }
    }
  }),
  mutation('rag-slo', 'the uid changes', (dashboard) => {
    dashboard.uid = 'rag-slos';
  }),
  mutation('rag-slo', 'users can edit the dashboard', (dashboard) => {
    dashboard.editable = true;
  }),
  mutation('rag-slo', 'the refresh interval is five seconds', (dashboard) => {
    dashboard.refresh = '5s';
  }),
  mutation('rag-slo', 'the time zone is not Asia/Tokyo', (dashboard) => {
    dashboard.timezone = 'browser';
  }),
  mutation('rag-slo', 'links are hidden in a menu', (dashboard) => {
    for (const link of dashboard.links ?? []) link.placement = 'inControlsMenu';
  }),
  mutation('rag-slo', 'a data source is fixed to one server', (dashboard) => {
    const { datasource } = panel(dashboard, 'stat');
    if (datasource) datasource.uid = 'PBFA97CFB590B2093';
  }),
  mutation('rag-slo', 'a data source variable is missing', (dashboard) => {
    if (dashboard.templating) dashboard.templating.list = [];
  }),
  mutation('rag-slo', 'the dashboard uses schema version 2', (dashboard) => {
    const broken = dashboard as unknown as Record<string, unknown>;
    broken.spec = { elements: {} };
    delete broken.panels;
  }),
];
