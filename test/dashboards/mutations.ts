/** Ways to break a board, each of which some gate has to see. */
import type { BoardJson, PanelJson, Target } from './walk-board.ts';
import { shownIn, targetsOf } from './walk-board.ts';

export type Mutation = { readonly name: string; readonly of: string; readonly change: (board: BoardJson) => void };

const panel = (board: BoardJson, type: string): PanelJson => {
  const found = shownIn(board).find((each) => each.type === type);
  if (found === undefined) throw new Error(`${board.title} has no ${type}`);
  return found;
};
const target = (board: BoardJson, wanted: (target: Target) => boolean): Target => {
  const found = targetsOf(board).find((each) => wanted(each.target));
  if (found === undefined) throw new Error(`${board.title} has no such target`);
  return found.target;
};
const promql = (board: BoardJson, part: string) => target(board, ({ expr }) => expr?.includes(part) === true);
const sql = (board: BoardJson, part: string) => target(board, ({ rawSql }) => rawSql?.includes(part) === true);
const replace = (given: Target, from: string, to: string) => {
  if (given.expr !== undefined) given.expr = given.expr.replace(from, to);
  if (given.rawSql !== undefined) given.rawSql = given.rawSql.replace(from, to);
};

const mutation = (of: string, name: string, change: (board: BoardJson) => void): Mutation => ({ of, name, change });

export const mutations: readonly Mutation[] = [
  mutation('rag-requests', 'a metric is misspelled', (board) =>
    replace(promql(board, 'rag_answers_total'), 'rag_answers_total', 'rag_answer_total'),
  ),
  mutation('rag-requests', 'a label is misspelled', (board) =>
    replace(promql(board, 'outcome="failed"'), 'outcome=', 'outcomes='),
  ),
  mutation('rag-requests', 'a label has a value that never comes', (board) =>
    replace(promql(board, 'outcome="failed"'), '"failed"', '"failure"'),
  ),
  mutation('rag-requests', 'a parenthesis is missing', (board) => replace(promql(board, 'rate('), 'rate(', 'rate((')),
  mutation('rag-requests', 'a rate is taken of an instant', (board) =>
    replace(promql(board, '[$__rate_interval]'), '[$__rate_interval]', ''),
  ),
  mutation('rag-requests', 'a rate is taken over a fixed window', (board) =>
    replace(promql(board, '[$__rate_interval]'), '$__rate_interval', '5m'),
  ),
  mutation('rag-requests', 'a counter is added up without a rate', (board) => {
    promql(board, 'rag_records_pending').expr = 'sum(rag_answers_total)';
  }),
  mutation('rag-requests', 'a histogram is shown that Prometheus has no buckets of', (board) =>
    replace(promql(board, 'rag_answer_duration_seconds_bucket'), '_seconds_bucket', '_bucket'),
  ),
  mutation('rag-requests', 'a variable is used that the board does not have', (board) =>
    replace(promql(board, 'rag_answers_total{'), 'outcome', 'model=~"$model",outcome'),
  ),
  mutation('rag-requests', 'a line has no name', (board) => {
    delete target(board, ({ legendFormat }) => legendFormat === 'P50').legendFormat;
  }),
  mutation('rag-requests', 'neither a range nor an instant is asked for', (board) => {
    delete target(board, ({ range }) => range === true).range;
  }),
  mutation('rag-cost', 'a column is misspelled', (board) =>
    replace(sql(board, 'token_cost_jpy'), 'token_cost_jpy', 'token_cost_yen'),
  ),
  mutation('rag-cost', 'a table is read that holds text of users', (board) =>
    replace(sql(board, 'reporting.answers'), 'reporting.answers', 'public.ai_dialogue_log'),
  ),
  mutation('rag-cost', 'a macro is written in capitals', (board) =>
    replace(sql(board, '$__timeFilter'), '$__timeFilter', '$__timefilter'),
  ),
  mutation('rag-cost', 'a macro’s argument holds a parenthesis', (board) =>
    replace(sql(board, '$__timeFilter(created_at)'), 'created_at)', "date_trunc('day', created_at))"),
  ),
  mutation('rag-cost', 'a statement writes', (board) => {
    sql(board, 'model_used as model').rawSql = 'delete from reporting.answers where $__timeFilter(created_at)';
  }),
  mutation('rag-cost', 'a statement reads all rows of all time', (board) =>
    replace(sql(board, 'model_used as model'), 'where $__timeFilter(created_at)', ''),
  ),
  mutation('rag-business', 'a series has no time', (board) => replace(sql(board, 'as time'), 'as time', 'as day')),
  mutation('rag-business', 'a series goes back in time', (board) =>
    replace(sql(board, 'order by date'), 'order by date', 'order by date desc'),
  ),
  mutation('rag-business', 'money is a numeric', (board) =>
    replace(sql(board, 'sum(total_cost)::float8'), '::float8', ''),
  ),
  mutation('rag-slo', 'a unit is no unit', (board) => {
    const { fieldConfig } = panel(board, 'stat');
    if (fieldConfig) fieldConfig.defaults.unit = 'procent';
  }),
  mutation('rag-slo', 'a panel does not say what it is for', (board) => {
    panel(board, 'timeseries').description = 'Latency.';
  }),
  mutation('rag-slo', 'a panel asks nothing', (board) => {
    panel(board, 'stat').targets = [];
  }),
  mutation('rag-slo', 'a panel shows nothing where there is no traffic, and does not say so', (board) => {
    const { fieldConfig } = panel(board, 'stat');
    delete fieldConfig?.defaults.noValue;
  }),
  mutation('rag-slo', 'two panels have one id', (board) => {
    panel(board, 'table').id = panel(board, 'stat').id;
  }),
  mutation('rag-slo', 'two panels lie over each other', (board) => {
    panel(board, 'table').gridPos.y -= 2;
  }),
  mutation('rag-slo', 'a panel is wider than the board', (board) => {
    panel(board, 'timeseries').gridPos.w = 30;
  }),
  mutation('rag-slo', 'a threshold begins above the bottom', (board) => {
    const [first] = panel(board, 'stat').fieldConfig?.defaults.thresholds?.steps ?? [];
    if (first) first.value = 0;
  }),
  mutation('rag-slo', 'a threshold is typed instead of compiled', (board) => {
    for (const { fieldConfig } of shownIn(board)) {
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
  mutation('rag-slo', 'the uid changes, so that pages lead nowhere', (board) => {
    board.uid = 'rag-slos';
  }),
  mutation('rag-slo', 'it may be edited', (board) => {
    board.editable = true;
  }),
  mutation('rag-slo', 'it asks every five seconds', (board) => {
    board.refresh = '5s';
  }),
  mutation('rag-slo', 'it shows the time of another zone', (board) => {
    board.timezone = 'browser';
  }),
  mutation('rag-slo', 'links hide in a menu', (board) => {
    for (const link of board.links ?? []) link.placement = 'inControlsMenu';
  }),
  mutation('rag-slo', 'a data source is named that one server has', (board) => {
    const { datasource } = panel(board, 'stat');
    if (datasource) datasource.uid = 'PBFA97CFB590B2093';
  }),
  mutation('rag-slo', 'a data source’s variable is gone', (board) => {
    if (board.templating) board.templating.list = [];
  }),
  mutation('rag-slo', 'it is written in the second schema', (board) => {
    const broken = board as unknown as Record<string, unknown>;
    broken.spec = { elements: {} };
    delete broken.panels;
  }),
];
