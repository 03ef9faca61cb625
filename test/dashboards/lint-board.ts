/** Rules for boards, under the names of Grafana's dashboard-linter where it has them; each tells what is wrong and where. */
import * as unitNames from '@grafana/grafana-foundation-sdk/units';
import { boards } from '../../alerts/links.ts';
import { ourSeries, selectorsIn } from '../kit/rules/promql-names.ts';
import { type BoardJson, type PanelJson, panelsOf, promqlIn, shownIn, sqlIn, targetsOf } from './walk-board.ts';

export type Rule = (board: BoardJson) => readonly string[];

const units = new Set<string>(Object.values(unitNames).filter((unit) => typeof unit === 'string'));

const eachPanel =
  (check: (panel: PanelJson) => string | false | undefined): Rule =>
  (board) =>
    shownIn(board).flatMap((panel) => {
      const found = check(panel);
      return found ? [`${panel.title ?? `panel ${panel.id}`}: ${found}`] : [];
    });

export const rules: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': (board) => {
    const declared = new Set(
      variables(board)
        .filter(({ type }) => type === 'datasource')
        .map(({ name }) => name),
    );
    const used = [...JSON.stringify(board).matchAll(/"uid":"\$\{(\w+)\}"/g)].map(([, name = '']) => name);
    return [...new Set(used)].filter((name) => !declared.has(name)).map((name) => `no data source variable ${name}`);
  },

  'template-on-time-change-reload-rule': (board) =>
    variables(board)
      .filter(({ type, refresh }) => type === 'query' && refresh !== 2)
      .map(({ name }) => `${name} keeps the values of another time`),

  'panel-datasource-rule': eachPanel(
    ({ type, datasource }) =>
      type !== 'text' &&
      !/^(\$\{\w+\}|-- Mixed --)$/.test(datasource?.uid ?? '') &&
      'its data source is not a variable',
  ),

  'panel-title-description-rule': eachPanel(({ type, title, description }) => {
    if (type === 'text') return false;
    if (!title) return 'has no title';
    return (description ?? '').length < 40 && 'says not what it shows and what to do';
  }),

  'panel-units-rule': eachPanel(({ type, fieldConfig }) => {
    const unit = fieldConfig?.defaults.unit ?? '';
    return type !== 'text' && !isUnit(unit) && `"${unit}" is no unit of Grafana's`;
  }),

  'panel-no-targets-rule': eachPanel(({ type, targets }) => type !== 'text' && !targets?.length && 'asks nothing'),

  'target-rate-interval-rule': (board) =>
    promqlIn(board)
      .filter(({ expr }) => /\b(?:rate|irate)\([^()]*\[(?!\$__rate_interval\])/.test(expr))
      .map(({ where }) => `${where}: a rate over another window than $__rate_interval`),

  'target-counter-agg-rule': (board) =>
    promqlIn(board).flatMap(({ where, expr }) => {
      const bare = expr.replace(/(?:rate|increase|changes|resets)\(\s*[^()]*\)/g, '1');
      return selectorsIn(bare)
        .flatMap(({ names }) => names)
        .filter((name) => isCounter(name))
        .map((name) => `${where}: ${name} without rate or increase`);
    }),

  'uneditable-dashboard': ({ editable }) => (editable === false ? [] : ['can be edited, and would be overwritten']),

  // The rules from here on are the house's own.
  identity: (board) => {
    const problems: string[] = [];
    if (!Object.values<string>(boards).includes(board.uid)) problems.push(`no link leads to the uid ${board.uid}`);
    if (board.id != null) problems.push('carries the number of another server');
    if (board.schemaVersion !== 42) problems.push(`has schema version ${board.schemaVersion}`);
    if (!board.tags?.includes('rag-observatory')) problems.push('lacks the tag by which boards are found');
    if (board.timezone !== 'Asia/Tokyo') problems.push('is not in Asia/Tokyo');
    if (!/[?]/.test(board.description ?? '')) problems.push('asks no question');
    return problems;
  },

  ids: (board) => {
    const ids = panelsOf(board).map(({ id }) => id);
    return [
      ...ids.filter((id) => !(Number.isInteger(id) && id > 0)).map((id) => `${id} is no panel id`),
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `panel id ${id} twice`),
    ];
  },

  titles: (board) => {
    const titles = shownIn(board).map(({ title }) => title);
    return titles.filter((title, index) => title && titles.indexOf(title) !== index).map((title) => `"${title}" twice`);
  },

  'ref-ids': eachPanel(({ targets = [] }) => {
    const refs = targets.map(({ refId }) => refId);
    return new Set(refs).size !== refs.length && 'two targets have one letter';
  }),

  grid: (board) => {
    const placed = board.panels.flatMap((panel) => [panel, ...(panel.collapsed ? [] : (panel.panels ?? []))]);
    return placed.flatMap((panel, index) => {
      const { x, y, w, h } = panel.gridPos;
      if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > 24) return [`${panel.title}: lies outside of 24 columns`];
      const over = placed
        .slice(index + 1)
        .find(({ gridPos: b }) => x < b.x + b.w && b.x < x + w && y < b.y + b.h && b.y < y + h);
      return over ? [`${panel.title} lies over ${over.title}`] : [];
    });
  },

  thresholds: eachPanel(({ fieldConfig }) => {
    const all = [
      fieldConfig?.defaults.thresholds,
      ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
        properties
          .filter(({ id }) => id === 'thresholds')
          .map(({ value }) => value as { mode: string; steps: never[] }),
      ),
    ].filter((each) => each !== undefined);
    for (const { steps } of all) {
      const values = steps.map(({ value }: { value: number | null }) => value);
      if (values[0] !== null) return 'its lowest step does not begin at the bottom';
      const rest = values.slice(1).map(Number);
      if (rest.some((value, index) => index > 0 && value < (rest[index - 1] ?? 0))) return 'its steps do not ascend';
    }
    return false;
  }),

  'no-data': eachPanel(
    ({ type, fieldConfig }) =>
      type !== 'text' && !fieldConfig?.defaults.noValue && 'does not say when there is no data',
  ),

  placement: (board) => (JSON.stringify(board).includes('"inControlsMenu"') ? ['hides links in a menu'] : []),

  'instant-or-range': (board) =>
    targetsOf(board)
      .filter(({ target: { expr, range, instant } }) => expr !== undefined && (range === true) === (instant === true))
      .map(({ where }) => `${where}: neither or both of range and instant`),

  legends: (board) =>
    targetsOf(board)
      .filter(({ panel, target }) => panel.type === 'timeseries' && target.expr !== undefined && !target.legendFormat)
      .map(({ where }) => `${where}: its line has no name`),

  variables: (board) => {
    const text = JSON.stringify({ ...board, templating: undefined });
    const inVariables = variables(board)
      .map(({ query }) => JSON.stringify(query ?? ''))
      .join(' ');
    const named = (name: string) => new RegExp(`\\$(?:\\{${name}\\b|${name}\\b)`);
    const names = variables(board).map(({ name }) => name);
    const used = [...text.matchAll(/(?<![\\$])\$\{?([a-z]\w*)/g)].map(([, name = '']) => name);
    return [
      ...variables(board)
        .filter(({ name }) => !named(name).test(text) && !named(name).test(inVariables))
        .map(({ name }) => `nothing uses the variable ${name}`),
      ...[...new Set(used)]
        .filter((name) => !names.includes(name) && !['service', 'value'].includes(name))
        .map((name) => `no variable ${name}`),
    ];
  },

  'safe-denominators': (board) =>
    promqlIn(board)
      .filter(({ expr }) => /\/\s*\(?[^()]*or vector\(0\)/.test(expr))
      .map(({ where }) => `${where}: without traffic it divides by zero`),

  'bounded-sql': (board) =>
    sqlIn(board)
      .filter(({ target }) => /\breporting\.(answers|failures)\b/.test(target.rawSql ?? ''))
      .filter(({ target }) => !/\$__time(Filter|From)|now\(\)/.test(target.rawSql ?? ''))
      .map(({ where }) => `${where}: reads all rows of all time`),

  refresh: ({ refresh = '' }) => (/^(|[1-9]\d*m|[1-9]\d*h)$/.test(refresh) ? [] : [`asks again every ${refresh}`]),

  links: (board) =>
    [...JSON.stringify(board).matchAll(/"url":"([^"]*)"/g)]
      .map(([, url = '']) => url)
      .filter((url) => !/^(https?:\/\/|\/d\/|\/explore\?)/.test(url))
      .map((url) => `"${url}" leads nowhere`),
};

function variables(board: BoardJson) {
  return board.templating?.list ?? [];
}

function isUnit(unit: string): boolean {
  return units.has(unit) || /^(prefix|suffix|time|si|count|currency|bool):/.test(unit);
}

function isCounter(name: string): boolean {
  const metric = ourSeries.get(name);
  return metric === undefined ? /_total$/.test(name) : metric.kind !== 'gauge';
}

/** @returns everything that is wrong, less what is excused */
export function lint(board: BoardJson, excused: Excused = {}): readonly string[] {
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(board)
      .filter((found) => !excused[name]?.some(({ what }) => found.includes(what)))
      .map((found) => `${name}: ${board.title}: ${found}`),
  );
}

/** What a rule may find without harm, and why. */
export type Excused = Readonly<Record<string, readonly { readonly what: string; readonly because: string }[]>>;
