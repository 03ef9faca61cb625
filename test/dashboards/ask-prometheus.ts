/** Asks a real Prometheus what a board's panels ask, and tells what it refuses and what comes back empty. */
import { expandPromql, type Shown } from './expand-query.ts';
import type { BoardJson, Target } from './walk-board.ts';

export type Answer = { readonly error: string } | { readonly values: number };

/** @returns how many values came back that can be drawn: neither missing nor NaN nor infinite */
export async function askTarget(url: string, board: BoardJson, target: Target, shown: Shown): Promise<Answer> {
  let query: string;
  try {
    query = expandPromql(target.expr ?? '', shown, board.templating?.list ?? []);
  } catch (error) {
    return { error: (error as Error).message };
  }
  const parsed = await call(url, 'format_query', { query });
  if ('error' in parsed) return parsed;
  const [from, to] = [shown.from, shown.to].map((at) => String(at.getTime() / 1_000));
  const asked =
    target.instant === true
      ? await call(url, 'query', { query, time: to ?? '' })
      : await call(url, 'query_range', { query, start: from ?? '', end: to ?? '', step: String(shown.step) });
  if ('error' in asked) return asked;
  const { result } = asked.data as { result: { value?: [number, string]; values?: [number, string][] }[] };
  const values = result.flatMap(({ value, values: many = [] }) => [...(value ? [value] : []), ...many]);
  return { values: values.filter(([, text]) => Number.isFinite(Number(text))).length };
}

/** @returns how many traces are given as examples of what a target shows */
export async function askExamples(url: string, board: BoardJson, target: Target, shown: Shown): Promise<number> {
  const query = expandPromql(target.expr ?? '', shown, board.templating?.list ?? []);
  const [start, end] = [shown.from, shown.to].map((at) => String(at.getTime() / 1_000));
  const found = await call(url, 'query_exemplars', { query, start: start ?? '', end: end ?? '' });
  return 'error' in found ? 0 : (found.data as { exemplars: unknown[] }[]).flatMap(({ exemplars }) => exemplars).length;
}

async function call(
  url: string,
  path: string,
  parameters: Record<string, string>,
): Promise<{ error: string } | { data: unknown }> {
  const reply = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const told = (await reply.json()) as { status: string; data?: unknown; error?: string };
  return told.status === 'success' ? { data: told.data } : { error: told.error ?? `status ${reply.status}` };
}
