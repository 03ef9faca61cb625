/** What `cli -- sources …` does, and what it tells. */
import { randomUUID } from 'node:crypto';
import { commandRetry } from '../jobs/leased-job.ts';
import { checkSourceHealth, openForUse, runSync, type SourcesGiven, surroundingsOf } from '../jobs/sync-source.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { readFailures } from '../postgres/sources/failing-items.ts';
import { addSource, changeSource } from '../postgres/sources/registry.ts';
import { readSourceStatuses } from '../postgres/sources/source-status.ts';
import type { SourceRow, SourceStatus, SyncCounts } from '../provenance/source.ts';
import { printable, showProgress, type Terminal } from './show-progress.ts';
import { type ConfigureFlags, changeFrom, moduleAsKept } from './source-change.ts';

export type SourcesCommand = Omit<SourcesGiven, 'pool'> & {
  /** May change the registry. */
  readonly owner: Pool;
  /** Syncs. */
  readonly worker: Pool;
  readonly terminal: Terminal;
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

const actor = 'command:sources';
const mostFailing = 100;

export async function listSources({ worker, terminal }: SourcesCommand): Promise<number> {
  for (const each of await readSourceStatuses(worker)) terminal.write(`${statusLines(each).join('\n')}\n`);
  return 0;
}

function statusLines(status: SourceStatus): readonly string[] {
  const { source, name, enabled, healthStatus, healthLatencyMs, healthError, sync, items, failingItems } = status;
  const every = status.syncEveryMinutes === null ? 'on demand' : `every ${status.syncEveryMinutes} min`;
  const health = healthStatus ?? 'never checked';
  const latency = healthLatencyMs === null ? '' : ` (${healthLatencyMs} ms)`;
  return [
    `${source}: ${name}, ${enabled ? 'enabled' : 'disabled'}, ${health}${latency}, ${items} items, synced ${every}`,
    ...(healthError === null ? [] : [`  health: ${printable(healthError)}`]),
    ...(sync.outcome === null
      ? []
      : [`  last sync: ${sync.outcome}, ${sync.startedAt?.toISOString() ?? ''}: ${countsLine(sync.counts)}`]),
    ...(sync.error === null ? [] : [`  last error: ${printable(sync.error)}`]),
    ...(failingItems === 0
      ? []
      : [`  ${failingItems} items could not be taken in: sources failing ${source} tells why`]),
  ];
}

export async function addNewSource(
  source: string,
  { module: given, name = source }: { module?: string; name?: string },
  { owner, terminal }: SourcesCommand,
): Promise<number> {
  if (!/^[a-z][a-z0-9-]{0,49}$/.test(source))
    throw new Error('a source is named by lower-case letters, digits and hyphens');
  const module = given === undefined ? null : moduleAsKept(given);
  const plugin = await loadDeclared({ source, module });
  if (!(await addSource(owner, actor, { source, name, module, ...plugin }))) {
    throw new Error(`there is a source of that name already; change it with: sources configure ${source}`);
  }
  terminal.write(
    `added ${source}; configure it if it needs that, then: sources check ${source}, sources enable ${source}\n`,
  );
  return 0;
}

export async function configureOne(source: string, flags: ConfigureFlags, given: SourcesCommand): Promise<number> {
  const row = await sourceNamed(source, given.owner);
  const change = changeFrom(flags);
  const { loadPlugin, readConfiguration, readMetadata } = await import('../sources/load-plugin.ts');
  const { capabilitiesOf } = await import('../sources/plugin.ts');
  const plugin = await loadPlugin({ source, module: change.module === undefined ? row.module : change.module });
  readMetadata(plugin, change.metadata === undefined ? row.metadata : change.metadata);
  if (change.config !== undefined) readConfiguration(plugin, change.config);
  const { apiKeyVariable } = change;
  const isSet = !apiKeyVariable || given.readKey(apiKeyVariable) !== undefined; // refuses the service's own
  await changeSource(given.owner, actor, source, {
    ...change,
    capabilities: capabilitiesOf(plugin),
    version: plugin.version,
  });
  const next = row.enabled ? '' : `; try it: sources check ${source}, then: sources enable ${source}`;
  given.terminal.write(`configured ${source}${next}\n`);
  if (!isSet) {
    given.terminal.write(
      `${apiKeyVariable} is not set here; the worker needs it, and so do the commands check, sync and health\n`,
    );
  }
  return 0;
}

export async function switchSource(
  source: string,
  enabled: boolean,
  { owner, terminal }: SourcesCommand,
): Promise<number> {
  await sourceNamed(source, owner);
  await changeSource(owner, actor, source, { enabled });
  terminal.write(`${source} is ${enabled ? 'enabled' : 'disabled'}\n`);
  return 0;
}

/** The exit code is 1 where one is down. */
export async function showHealth(source: string | undefined, given: SourcesCommand): Promise<number> {
  let down = 0;
  for (const row of await chosen(source, given.worker)) {
    const { status, latencyMs, error } = await checkSourceHealth(forUse(given), row, given.signal);
    given.terminal.write(
      `${row.source}: ${status} (${latencyMs} ms)${error === null ? '' : `: ${printable(error)}`}\n`,
    );
    if (status === 'down') down++;
  }
  return down > 0 ? 1 : 0;
}

/** The exit code is 1 where something is not as it should be. */
export async function checkOne(source: string, given: SourcesCommand): Promise<number> {
  const row = await sourceNamed(source, given.worker);
  const { checkPlugin } = await import('../sources/check-plugin.ts');
  const { terminal, signal } = given;
  let failed = 0;
  for await (const { name, problem } of checkPlugin(row, surroundingsOf(forUse(given), signal))) {
    if (problem !== null) failed++;
    terminal.write(problem === null ? `ok      ${name}\n` : `FAILED  ${name}: ${printable(problem)}\n`);
  }
  return failed > 0 ? 1 : 0;
}

/** The exit code is 1 where a sync failed or an item could not be taken in. */
export async function syncSome(
  source: string | undefined,
  allowRemovals: boolean,
  given: SourcesCommand,
): Promise<number> {
  let failed = 0;
  for (const row of await chosen(source, given.worker)) {
    if (given.signal.aborted) break;
    if (!(await syncOne(row, allowRemovals, given))) failed++;
  }
  return failed > 0 ? 1 : 0;
}

async function syncOne(row: SourceRow, allowRemovals: boolean, given: SourcesCommand): Promise<boolean> {
  const { terminal, clock, signal } = given;
  const progress = showProgress(terminal, clock);
  const failures: string[] = [];
  const notes: string[] = [];
  const start = clock();
  try {
    const result = await runSync({ ...forUse(given), retry: commandRetry }, row, {
      runId: randomUUID(),
      since: null,
      signal,
      onProgress: (counts) => progress.update(countsLine(counts), row.source),
      onFailed: (key, reason) => failures.push(`failed: ${printable(key)} ${printable(reason)}`),
      onNote: (key, note) => notes.push(`note: ${printable(key)} ${printable(note)}`),
      allowRemovals,
    });
    progress.end();
    for (const line of [...notes, ...failures]) terminal.write(`${line}\n`);
    if (result.state === 'succeeded') {
      const seconds = ((clock() - start) / 1_000).toFixed(1);
      terminal.write(`${row.source}: ${countsLine(result.outcome)} in ${seconds} s\n`);
    } else if (result.state === 'failed')
      terminal.write(`${row.source}: failed: ${printable(result.error.replace(/^RunFailed: /, ''))}\n`);
    else if (result.state === 'elsewhere')
      terminal.write(`${row.source}: another worker is at it, or has died less than a minute ago\n`);
    return result.state === 'succeeded' && failures.length === 0;
  } finally {
    progress.end();
  }
}

/** The exit code is 1 where there are any. */
export async function listFailing(source: string, { worker, terminal }: SourcesCommand): Promise<number> {
  await sourceNamed(source, worker);
  const failing = await readFailures(worker, { source, limit: mostFailing + 1 });
  for (const { key, reason, failures, retryAt } of failing.slice(0, mostFailing)) {
    const times = failures === 1 ? 'once' : `${failures} times`;
    const next = retryAt === null ? 'when it is listed again or has changed' : `from ${retryAt.toISOString()} on`;
    terminal.write(`${printable(key)}\n  ${printable(reason)}\n  tried ${times}; again ${next}\n`);
  }
  if (failing.length > mostFailing) terminal.write(`and more; only ${mostFailing} are shown\n`);
  return failing.length > 0 ? 1 : 0;
}

export async function searchOne(source: string, query: string, given: SourcesCommand): Promise<number> {
  const row = await sourceNamed(source, given.worker);
  const opened = await openForUse(forUse(given), row, given.signal);
  try {
    const { search } = opened.plugin;
    if (!search) throw new Error(`the plugin of ${source} cannot search`);
    for (const { title, uri, excerpt } of await search(query, 10, opened.context)) {
      given.terminal.write(`${printable(title)}\n  ${printable(uri)}\n  ${printable(excerpt)}\n`);
    }
    return 0;
  } finally {
    await opened.close();
  }
}

const forUse = (given: SourcesCommand): SourcesGiven => ({ ...given, pool: given.worker });

function countsLine({ listed, created, replaced, unchanged, removed, failed }: SyncCounts): string {
  return `${listed} listed: ${created} new, ${replaced} replaced, ${unchanged} unchanged, ${removed} removed, ${failed} failed`;
}

async function chosen(source: string | undefined, pool: Pool): Promise<readonly SourceRow[]> {
  if (source !== undefined) {
    const row = await sourceNamed(source, pool);
    if (!row.enabled) throw new Error(`${source} is disabled; run: sources enable ${source}`);
    return [row];
  }
  return (await readSourceStatuses(pool)).filter(({ enabled, config }) => enabled && config !== null);
}

async function sourceNamed(source: string, pool: Pool): Promise<SourceRow> {
  const rows = await readSourceStatuses(pool);
  const row = rows.find((each) => each.source === source);
  if (row) return row;
  throw new Error(`there is no source ${source}; there are: ${rows.map((each) => each.source).join(', ')}`);
}

async function loadDeclared(row: { source: string; module: string | null }) {
  const { loadPlugin } = await import('../sources/load-plugin.ts');
  const { capabilitiesOf } = await import('../sources/plugin.ts');
  const plugin = await loadPlugin(row);
  return { capabilities: capabilitiesOf(plugin), version: plugin.version };
}
