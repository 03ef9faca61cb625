/** Reads the values of /dashboard/metrics, and those of dashboard panels at the same moment. */
import { testIdOf } from '../../services/http/pages/html/metrics/objective-card.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { type DashboardJson, targetsOf } from './dashboard-json.ts';
import { expandPromql, type TimeRange } from './expand-query.ts';

export type Budget = { left: number | null; burns: Record<string, number | null>; lasts: number | null };

export type MetricsPage = {
  /** When Prometheus was queried. */
  readonly asOf: Date;
  readonly budgetsFrom: string | undefined;
  /** By objective name; means have no budget. */
  readonly budgets: Readonly<Record<string, Budget>>;
  /** Firing alerts: name and start in milliseconds since the epoch. */
  readonly firing: readonly (readonly [string, number])[];
  /** Dialogue ids, the worst answer first. */
  readonly worst: readonly string[];
  /** Documents by source. */
  readonly documents: Readonly<Record<string, number>>;
  /** Values of past days in the charts, by objective. */
  readonly days: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

export async function readMetricsPage(origin: string, token: string): Promise<MetricsPage> {
  const page = await get(origin, '/dashboard/metrics', token).then((reply) => reply.text());
  const source = /id="budgets"[^>]*data-source="(\w+)"/.exec(page)?.[1];
  const asOf = /id="budgets"[\s\S]*?datetime="([^"]+)"/.exec(page)?.[1] ?? '';
  const budgets = Object.values(objectives)
    .filter(({ kind }) => kind !== 'mean')
    .map(({ name }) => [name, budgetIn(page, testIdOf(name))] as const);
  const alerts = /id="alerts"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
  const firing = [...alerts.matchAll(/<tr class="firing">[\s\S]*?<\/tr>/g)].map(
    ([row]) => [/>(Rag\w+)</.exec(row)?.[1] ?? '', Date.parse(/datetime="([^"]+)"/.exec(row)?.[1] ?? '')] as const,
  );
  const documents = [...page.matchAll(/data-source="([a-z-]+)"><th[\s\S]*?<data value="(\d+)"/g)].map(
    ([, name, items]) => [name, Number(items)] as const,
  );
  const { charts } = JSON.parse(/id="page-data">([^<]*)</.exec(page)?.[1] ?? '{}') as {
    charts: Record<string, { points: { day: string; value: number | null }[] }>;
  };
  return {
    asOf: new Date(asOf),
    budgetsFrom: source,
    budgets: Object.fromEntries(budgets),
    firing,
    worst: [...page.matchAll(/data-answer="([^"]+)"/g)].map(([, id]) => id ?? ''),
    documents: Object.fromEntries(documents),
    days: Object.fromEntries(
      Object.entries(charts).map(([key, { points }]) => [
        objectives[key]?.name ?? key,
        // Without today, which the daily dashboard does not show.
        Object.fromEntries(points.slice(0, -1).flatMap(({ day, value }) => (value === null ? [] : [[day, value]]))),
      ]),
    ),
  };
}

export async function get(origin: string, path: string, token: string): Promise<Response> {
  const reply = await fetch(origin + path, { headers: { authorization: `Bearer ${token}`, 'accept-language': 'en' } });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return reply;
}

export type Series = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** The values of a panel's query at a moment. */
export async function panelValues(
  prometheus: string,
  dashboard: DashboardJson,
  { title, refId = 'A', at }: { title: string; refId?: string; at: Date },
): Promise<readonly Series[]> {
  const target = targetIn(dashboard, title, refId);
  const range: TimeRange = { from: new Date(at.getTime() - 60_000), to: at, step: 1, rate: 5 };
  const query = expandPromql(target.expr ?? '', range, dashboard.templating?.list ?? []);
  const parameters = new URLSearchParams({ query, time: String(at.getTime() / 1_000) });
  const reply = await fetch(`${prometheus}/api/v1/query?${parameters}`);
  const { data } = (await reply.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** @throws {Error} if the panel or the query does not exist */
export function targetIn(dashboard: DashboardJson, title: string, refId = 'A') {
  const found = targetsOf(dashboard).find(({ panel, target }) => panel.title === title && target.refId === refId);
  if (found === undefined) throw new Error(`${dashboard.title} has no panel "${title}" with a query ${refId}`);
  return found.target;
}

function budgetIn(page: string, id: string): Budget {
  const part = new RegExp(String.raw`id="${id}-budget"[\s\S]*?</div>`).exec(page)?.[0] ?? '';
  const burns = [...part.matchAll(/data-over="(\w+)">(?:<span data-value="([^"]+)")?/g)].map(
    ([, over = '', rate]) => [over, rate === undefined ? null : Number(rate)] as const,
  );
  const number = (found: RegExpExecArray | null) => (found === null ? null : Number(found[1]));
  return {
    left: number(/class="left \w+" data-value="([^"]+)"/.exec(part)),
    burns: Object.fromEntries(burns),
    lasts: number(/class="lasts" data-value="([^"]+)"/.exec(part)),
  };
}
