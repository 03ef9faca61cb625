/** The actions of `cli -- sources …`. */
import { checkSourceHealth, openForUse, sourceOptions } from '../../jobs/sync-source.ts';
import { addSource, changeSource } from '../../postgres/sources/registry.ts';
import { readSourceStatuses } from '../../postgres/sources/source-status.ts';
import type { SourceStatus } from '../../provenance/source.ts';
import { printable } from '../progress.ts';
import { type ConfigureFlags, changeFrom, moduleToStore } from './source-change.ts';
import { countsLine, findSource, type SourcesCommand, selectSources, sourceDeps } from './sources-context.ts';

const actor = 'command:sources';

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
  const row = await findSource(source, deps.owner);
  const change = changeFrom(flags);
  const { loadPlugin, readConfiguration, readMetadata } = await import('../../sources/load-plugin.ts');
  const { capabilitiesOf } = await import('../../sources/plugin.ts');
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
  await findSource(source, owner);
  await changeSource(owner, actor, source, { enabled });
  terminal.write(`${source} is ${enabled ? 'enabled' : 'disabled'}\n`);
  return 0;
}

/** The exit code is 1 if a source is down. */
export async function showHealth(source: string | undefined, deps: SourcesCommand): Promise<number> {
  let down = 0;
  for (const row of await selectSources(source, deps.worker)) {
    const { status, latencyMs, error } = await checkSourceHealth(sourceDeps(deps), row, deps.signal);
    deps.terminal.write(`${row.source}: ${status} (${latencyMs} ms)${error === null ? '' : `: ${printable(error)}`}\n`);
    if (status === 'down') down++;
  }
  return down > 0 ? 1 : 0;
}

/** The exit code is 1 if a check fails. */
export async function checkOne(source: string, deps: SourcesCommand): Promise<number> {
  const row = await findSource(source, deps.worker);
  const { checkPlugin } = await import('../../sources/check-plugin.ts');
  const { terminal, signal } = deps;
  let failed = 0;
  for await (const { name, problem } of checkPlugin(row, sourceOptions(sourceDeps(deps), signal))) {
    if (problem !== null) failed++;
    terminal.write(problem === null ? `ok      ${name}\n` : `FAILED  ${name}: ${printable(problem)}\n`);
  }
  return failed > 0 ? 1 : 0;
}

export async function searchOne(source: string, query: string, deps: SourcesCommand): Promise<number> {
  const row = await findSource(source, deps.worker);
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

async function loadDeclared(row: { source: string; module: string | null }) {
  const { loadPlugin } = await import('../../sources/load-plugin.ts');
  const { capabilitiesOf } = await import('../../sources/plugin.ts');
  const plugin = await loadPlugin(row);
  return { capabilities: capabilitiesOf(plugin), version: plugin.version };
}
