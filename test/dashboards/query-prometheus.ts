/** Runs the PromQL of a dashboard on a real Prometheus. */

import type { DashboardJson, Target } from './dashboard-json.ts';
import { expandPromql, type TimeRange } from './expand-query.ts';

export type PromqlResult = { readonly error: string } | { readonly values: number };

/** @returns the number of values that can be drawn: neither missing nor NaN nor infinite */
export async function queryTarget(
  url: string,
  dashboard: DashboardJson,
  target: Target,
  range: TimeRange,
): Promise<PromqlResult> {
  let query: string;
  try {
    query = expandPromql(target.expr ?? '', range, dashboard.templating?.list ?? []);
  } catch (error) {
    return { error: (error as Error).message };
  }
  const parsed = await call(url, 'format_query', { query });
  if ('error' in parsed) return parsed;
  const [from, to] = [range.from, range.to].map((at) => String(at.getTime() / 1_000));
  const response =
    target.instant === true
      ? await call(url, 'query', { query, time: to ?? '' })
      : await call(url, 'query_range', { query, start: from ?? '', end: to ?? '', step: String(range.step) });
  if ('error' in response) return response;
  const { result } = response.data as { result: { value?: [number, string]; values?: [number, string][] }[] };
  const values = result.flatMap(({ value, values: many = [] }) => [...(value ? [value] : []), ...many]);
  return { values: values.filter(([, text]) => Number.isFinite(Number(text))).length };
}

/** @returns the number of exemplars of a target */
export async function queryExemplars(
  url: string,
  dashboard: DashboardJson,
  target: Target,
  range: TimeRange,
): Promise<number> {
  const query = expandPromql(target.expr ?? '', range, dashboard.templating?.list ?? []);
  const [start, end] = [range.from, range.to].map((at) => String(at.getTime() / 1_000));
  const found = await call(url, 'query_exemplars', { query, start: start ?? '', end: end ?? '' });
  return 'error' in found ? 0 : (found.data as { exemplars: unknown[] }[]).flatMap(({ exemplars }) => exemplars).length;
}

async function call(
  url: string,
  path: string,
  parameters: Record<string, string>,
): Promise<{ error: string } | { data: unknown }> {
  const reply = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const body = (await reply.json()) as { status: string; data?: unknown; error?: string };
  return body.status === 'success' ? { data: body.data } : { error: body.error ?? `status ${reply.status}` };
}
