/** The actions of `cli -- sources …`. */
import { randomUUID } from 'node:crypto';
import { commandRetry } from '../jobs/leased-job.ts';
import { checkSourceHealth, openForUse, runSync, type SourceDeps, sourceOptions } from '../jobs/sync-source.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { readFailures } from '../postgres/sources/failing-items.ts';
import { addSource, changeSource } from '../postgres/sources/registry.ts';
import { readSourceStatuses } from '../postgres/sources/source-status.ts';
import type { SourceRow, SourceStatus, SyncCounts } from '../provenance/source.ts';
import { printable, showProgress, type Terminal } from './progress.ts';
import { type ConfigureFlags, changeFrom, moduleToStore } from './source-change.ts';

export type SourcesCommand = Omit<SourceDeps, 'pool'> & {
  /** Changes the registry. */
  readonly owner: Pool;
  /** Reads and syncs. */
  readonly worker: Pool;
  readonly terminal: Terminal;
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

const actor = 'command:sources';
const maxFailing = 100;

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
    ...(failingItems === 0 ? [] : [`  ${failingItems} items failed; for the reasons run: sources failing ${source}`]),
  ];
}

export async function addNewSource(
  source: string,
  { module: path, name = source }: { module?: string; name?: string },
  { owner, terminal }: SourcesCommand,
): Promise<number> {
  if (!/^[a-z][a-z0-9-]{0,49}$/.test(source))
    throw new Error('invalid source name: use lower-case letters, digits and hyphens');
  const module = path === undefined ? null : moduleToStore(path);
  const plugin = await loadDeclared({ source, module });
  if (!(await addSource(owner, actor, { source, name, module, ...plugin }))) {
    throw new Error(`a source with this name already exists; to change it run: sources configure ${source}`);
  }
  terminal.write(
    `added ${source}; next: sources configure ${source} (if needed), sources check ${source}, sources enable ${source}\n`,
  );
  return 0;
}

export async function configureOne(source: string, flags: ConfigureFlags, deps: SourcesCommand): Promise<number> {
  const row = await sourceNamed(source, deps.owner);
  const change = changeFrom(flags);
  const { loadPlugin, readConfiguration, readMetadata } = await import('../sources/load-plugin.ts');
  const { capabilitiesOf } = await import('../sources/plugin.ts');
  const plugin = await loadPlugin({ source, module: change.module === undefined ? row.module : change.module });
  readMetadata(plugin, change.metadata === undefined ? row.metadata : change.metadata);
  if (change.config !== undefined) readConfiguration(plugin, change.config);
  const { apiKeyVariable } = change;
  const isSet = !apiKeyVariable || deps.readKey(apiKeyVariable) !== undefined; // throws for the service's own variables
  await changeSource(deps.owner, actor, source, {
    ...change,
    capabilities: capabilitiesOf(plugin),
    version: plugin.version,
  });
  const next = row.enabled ? '' : `; next: sources check ${source}, sources enable ${source}`;
  deps.terminal.write(`configured ${source}${next}\n`);
  if (!isSet) {
    deps.terminal.write(
      `warning: ${apiKeyVariable} is not set here; the worker and the commands check, sync and health need it\n`,
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

/** The exit code is 1 if a source is down. */
export async function showHealth(source: string | undefined, deps: SourcesCommand): Promise<number> {
  let down = 0;
  for (const row of await chosen(source, deps.worker)) {
    const { status, latencyMs, error } = await checkSourceHealth(sourceDeps(deps), row, deps.signal);
    deps.terminal.write(`${row.source}: ${status} (${latencyMs} ms)${error === null ? '' : `: ${printable(error)}`}\n`);
    if (status === 'down') down++;
  }
  return down > 0 ? 1 : 0;
}

/** The exit code is 1 if a check fails. */
export async function checkOne(source: string, deps: SourcesCommand): Promise<number> {
  const row = await sourceNamed(source, deps.worker);
  const { checkPlugin } = await import('../sources/check-plugin.ts');
  const { terminal, signal } = deps;
  let failed = 0;
  for await (const { name, problem } of checkPlugin(row, sourceOptions(sourceDeps(deps), signal))) {
    if (problem !== null) failed++;
    terminal.write(problem === null ? `ok      ${name}\n` : `FAILED  ${name}: ${printable(problem)}\n`);
  }
  return failed > 0 ? 1 : 0;
}

/** The exit code is 1 if a sync or an item failed. */
export async function syncSome(
  source: string | undefined,
  allowRemovals: boolean,
  deps: SourcesCommand,
): Promise<number> {
  let failed = 0;
  for (const row of await chosen(source, deps.worker)) {
    if (deps.signal.aborted) break;
    if (!(await syncOne(row, allowRemovals, deps))) failed++;
  }
  return failed > 0 ? 1 : 0;
}

async function syncOne(row: SourceRow, allowRemovals: boolean, deps: SourcesCommand): Promise<boolean> {
  const { terminal, clock, signal } = deps;
  const progress = showProgress(terminal, clock);
  const failures: string[] = [];
  const notes: string[] = [];
  const start = clock();
  try {
    const result = await runSync({ ...sourceDeps(deps), retry: commandRetry }, row, {
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
      terminal.write(
        `${row.source}: ${countsLine(result.outcome)} in ${seconds} s\n${unusableLine(row.source, result.outcome.unusable)}`,
      );
    } else if (result.state === 'failed')
      terminal.write(`${row.source}: failed: ${printable(result.error.replace(/^RunFailed: /, ''))}\n`);
    else if (result.state === 'elsewhere')
      terminal.write(`${row.source}: skipped: another worker is syncing this source, or died less than a minute ago\n`);
    return result.state === 'succeeded' && failures.length === 0;
  } finally {
    progress.end();
  }
}

/** The exit code is 1 if there are any. */
export async function listFailing(source: string, { worker, terminal }: SourcesCommand): Promise<number> {
  await sourceNamed(source, worker);
  const failing = await readFailures(worker, { source, limit: maxFailing + 1 });
  for (const { key, reason, failures, retryAt } of failing.slice(0, maxFailing)) {
    const times = failures === 1 ? 'once' : `${failures} times`;
    const next = retryAt === null ? 'when it is listed again or changes' : `at ${retryAt.toISOString()}`;
    terminal.write(`${printable(key)}\n  ${printable(reason)}\n  failed ${times}; next attempt ${next}\n`);
  }
  if (failing.length > maxFailing) terminal.write(`… and more (showing the first ${maxFailing})\n`);
  return failing.length > 0 ? 1 : 0;
}

export async function searchOne(source: string, query: string, deps: SourcesCommand): Promise<number> {
  const row = await sourceNamed(source, deps.worker);
  const opened = await openForUse(sourceDeps(deps), row, deps.signal);
  try {
    const { search } = opened.plugin;
    if (!search) throw new Error(`the plugin of ${source} does not support search`);
    for (const { title, uri, excerpt } of await search(query, 10, opened.context)) {
      deps.terminal.write(`${printable(title)}\n  ${printable(uri)}\n  ${printable(excerpt)}\n`);
    }
    return 0;
  } finally {
    await opened.close();
  }
}

const sourceDeps = (deps: SourcesCommand): SourceDeps => ({ ...deps, pool: deps.worker });

function countsLine({ listed, created, replaced, unchanged, removed, failed, skipped }: SyncCounts): string {
  const passedOver = skipped === 0 ? '' : `, ${skipped} skipped`;
  return `${listed} listed: ${created} new, ${replaced} replaced, ${unchanged} unchanged, ${removed} removed, ${failed} failed${passedOver}`;
}

function unusableLine(source: string, unusable: number): string {
  if (unusable === 0) return '';
  const are = unusable === 1 ? '1 document of this source is' : `${unusable} documents of this source are`;
  return `NOT USED IN ANSWERS: ${are} stored, but neither licence nor permission allows the use; run: documents list --source ${source} --unused\n`;
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
  throw new Error(`unknown source ${source}; known sources: ${rows.map((each) => each.source).join(', ')}`);
}

async function loadDeclared(row: { source: string; module: string | null }) {
  const { loadPlugin } = await import('../sources/load-plugin.ts');
  const { capabilitiesOf } = await import('../sources/plugin.ts');
  const plugin = await loadPlugin(row);
  return { capabilities: capabilitiesOf(plugin), version: plugin.version };
}
