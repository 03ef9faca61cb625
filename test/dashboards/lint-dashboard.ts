/** Lint rules for dashboards. Rules of Grafana's dashboard-linter have the same names here. Each returns its findings. */
import * as unitNames from '@grafana/grafana-foundation-sdk/units';
import { dashboards } from '../../services/catalogue/links.ts';
import { ourSeries, selectorsIn } from '../kit/rules/promql-names.ts';
import {
  type DashboardJson,
  type PanelJson,
  panelsOf,
  promqlIn,
  sqlIn,
  targetsOf,
  visiblePanels,
} from './dashboard-json.ts';

export type Rule = (dashboard: DashboardJson) => readonly string[];

const units = new Set<string>(Object.values(unitNames).filter((unit) => typeof unit === 'string'));

const eachPanel =
  (check: (panel: PanelJson) => string | false | undefined): Rule =>
  (dashboard) =>
    visiblePanels(dashboard).flatMap((panel) => {
      const found = check(panel);
      return found ? [`${panel.title ?? `panel ${panel.id}`}: ${found}`] : [];
    });

export const rules: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': (dashboard) => {
    const declared = new Set(
      variables(dashboard)
        .filter(({ type }) => type === 'datasource')
        .map(({ name }) => name),
    );
    const used = [...JSON.stringify(dashboard).matchAll(/"uid":"\$\{(\w+)\}"/g)].map(([, name = '']) => name);
    return [...new Set(used)].filter((name) => !declared.has(name)).map((name) => `no data source variable ${name}`);
  },

  'template-on-time-change-reload-rule': (dashboard) =>
    variables(dashboard)
      .filter(({ type, refresh }) => type === 'query' && refresh !== 2)
      .map(({ name }) => `${name} is not reloaded when the time range changes`),

  'panel-datasource-rule': eachPanel(
    ({ type, datasource }) =>
      type !== 'text' &&
      !/^(\$\{\w+\}|-- Mixed --)$/.test(datasource?.uid ?? '') &&
      'the data source is not a variable',
  ),

  'panel-title-description-rule': eachPanel(({ type, title, description }) => {
    if (type === 'text') return false;
    if (!title) return 'no title';
    return (description ?? '').length < 40 && 'the description does not explain the panel and what to do';
  }),

  'panel-units-rule': eachPanel(({ type, fieldConfig }) => {
    const unit = fieldConfig?.defaults.unit ?? '';
    return type !== 'text' && !isUnit(unit) && `"${unit}" is not a Grafana unit`;
  }),

  'panel-no-targets-rule': eachPanel(({ type, targets }) => type !== 'text' && !targets?.length && 'no queries'),

  'target-rate-interval-rule': (dashboard) =>
    promqlIn(dashboard)
      .filter(({ expr }) => /\b(?:rate|irate)\([^()]*\[(?!\$__rate_interval\])/.test(expr))
      .map(({ where }) => `${where}: a rate over another window than $__rate_interval`),

  'target-counter-agg-rule': (dashboard) =>
    promqlIn(dashboard).flatMap(({ where, expr }) => {
      const bare = expr.replace(/(?:rate|increase|changes|resets)\(\s*[^()]*\)/g, '1');
      return selectorsIn(bare)
        .flatMap(({ names }) => names)
        .filter((name) => isCounter(name))
        .map((name) => `${where}: ${name} without rate or increase`);
    }),

  'uneditable-dashboard': ({ editable }) =>
    editable === false ? [] : ['users can edit it, and the next deployment would overwrite their changes'],

  // The rules below are specific to this project.
  identity: (dashboard) => {
    const problems: string[] = [];
    if (!Object.values<string>(dashboards).includes(dashboard.uid))
      problems.push(`the uid ${dashboard.uid} is not in links.ts`);
    if (dashboard.id != null) problems.push('has the id of one Grafana server');
    if (dashboard.schemaVersion !== 42) problems.push(`schema version ${dashboard.schemaVersion} instead of 42`);
    if (!dashboard.tags?.includes('rag-observatory')) problems.push('the tag rag-observatory is missing');
    if (dashboard.timezone !== 'Asia/Tokyo') problems.push('the time zone is not Asia/Tokyo');
    if (!/[?]/.test(dashboard.description ?? '')) problems.push('the description contains no question');
    return problems;
  },

  ids: (dashboard) => {
    const ids = panelsOf(dashboard).map(({ id }) => id);
    return [
      ...ids.filter((id) => !(Number.isInteger(id) && id > 0)).map((id) => `invalid panel id ${id}`),
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `duplicate panel id ${id}`),
    ];
  },

  titles: (dashboard) => {
    const titles = visiblePanels(dashboard).map(({ title }) => title);
    return titles
      .filter((title, index) => title && titles.indexOf(title) !== index)
      .map((title) => `duplicate title "${title}"`);
  },

  'ref-ids': eachPanel(({ targets = [] }) => {
    const refs = targets.map(({ refId }) => refId);
    return new Set(refs).size !== refs.length && 'two queries have the same refId';
  }),

  grid: (dashboard) => {
    const placed = dashboard.panels.flatMap((panel) => [panel, ...(panel.collapsed ? [] : (panel.panels ?? []))]);
    return placed.flatMap((panel, index) => {
      const { x, y, w, h } = panel.gridPos;
      if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > 24) return [`${panel.title}: outside the 24 columns`];
      const overlapped = placed
        .slice(index + 1)
        .find(({ gridPos: b }) => x < b.x + b.w && b.x < x + w && y < b.y + b.h && b.y < y + h);
      return overlapped ? [`${panel.title} overlaps ${overlapped.title}`] : [];
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
      if (values[0] !== null) return 'the lowest threshold step has a value';
      const rest = values.slice(1).map(Number);
      if (rest.some((value, index) => index > 0 && value < (rest[index - 1] ?? 0)))
        return 'threshold steps are not in ascending order';
    }
    return false;
  }),

  'no-data': eachPanel(
    ({ type, fieldConfig }) => type !== 'text' && !fieldConfig?.defaults.noValue && 'noValue is missing',
  ),

  placement: (dashboard) =>
    JSON.stringify(dashboard).includes('"inControlsMenu"') ? ['links are hidden in a menu'] : [],

  'instant-or-range': (dashboard) =>
    targetsOf(dashboard)
      .filter(({ target: { expr, range, instant } }) => expr !== undefined && (range === true) === (instant === true))
      .map(({ where }) => `${where}: must be either range or instant`),

  legends: (dashboard) =>
    targetsOf(dashboard)
      .filter(({ panel, target }) => panel.type === 'timeseries' && target.expr !== undefined && !target.legendFormat)
      .map(({ where }) => `${where}: no legend`),

  variables: (dashboard) => {
    const text = JSON.stringify({ ...dashboard, templating: undefined });
    const inVariables = variables(dashboard)
      .map(({ query }) => JSON.stringify(query ?? ''))
      .join(' ');
    const named = (name: string) => new RegExp(`\\$(?:\\{${name}\\b|${name}\\b)`);
    const names = variables(dashboard).map(({ name }) => name);
    const used = [...text.matchAll(/(?<![\\$])\$\{?([a-z]\w*)/g)].map(([, name = '']) => name);
    return [
      ...variables(dashboard)
        .filter(({ name }) => !named(name).test(text) && !named(name).test(inVariables))
        .map(({ name }) => `unused variable ${name}`),
      ...[...new Set(used)]
        .filter((name) => !names.includes(name) && !['service', 'value'].includes(name))
        .map((name) => `unknown variable ${name}`),
    ];
  },

  'safe-denominators': (dashboard) =>
    promqlIn(dashboard)
      .filter(({ expr }) => /\/\s*\(?[^()]*or vector\(0\)/.test(expr))
      .map(({ where }) => `${where}: divides by zero without traffic`),

  'bounded-sql': (dashboard) =>
    sqlIn(dashboard)
      .filter(({ target }) => /\breporting\.(answers|failures)\b/.test(target.rawSql ?? ''))
      .filter(({ target }) => !/\$__time(Filter|From)|now\(\)/.test(target.rawSql ?? ''))
      .map(({ where }) => `${where}: reads rows of all time`),

  refresh: ({ refresh = '' }) =>
    /^(|[1-9]\d*m|[1-9]\d*h)$/.test(refresh) ? [] : [`invalid refresh interval ${refresh}`],

  links: (dashboard) =>
    [...JSON.stringify(dashboard).matchAll(/"url":"([^"]*)"/g)]
      .map(([, url = '']) => url)
      .filter((url) => !/^(https?:\/\/|\/d\/|\/explore\?)/.test(url))
      .map((url) => `"${url}" is not a valid link`),
};

function variables(dashboard: DashboardJson) {
  return dashboard.templating?.list ?? [];
}

function isUnit(unit: string): boolean {
  return units.has(unit) || /^(prefix|suffix|time|si|count|currency|bool):/.test(unit);
}

function isCounter(name: string): boolean {
  const metric = ourSeries.get(name);
  return metric === undefined ? /_total$/.test(name) : metric.kind !== 'gauge';
}

/** @returns all findings without the excluded ones */
export function lint(dashboard: DashboardJson, exclusions: Exclusions = {}): readonly string[] {
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(dashboard)
      .filter((found) => !exclusions[name]?.some(({ what }) => found.includes(what)))
      .map((found) => `${name}: ${dashboard.title}: ${found}`),
  );
}

/** Accepted findings per rule: a part of the finding, and the reason. */
export type Exclusions = Readonly<Record<string, readonly { readonly what: string; readonly reason: string }[]>>;
