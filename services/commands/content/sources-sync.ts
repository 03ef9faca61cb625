/** `cli -- sources sync` and `cli -- sources failing`. */
import { randomUUID } from 'node:crypto';
import { commandRetry } from '../../jobs/leased-job.ts';
import { runSync } from '../../jobs/sync-source.ts';
import { readFailures } from '../../postgres/sources/failing-items.ts';
import type { SourceRow } from '../../provenance/source.ts';
import { printable, showProgress } from '../progress.ts';
import { countsLine, findSource, type SourcesCommand, selectSources, sourceDeps } from './sources-context.ts';

const maxFailing = 100;

/** The exit code is 1 if a sync or an item failed. */
export async function syncSome(
  source: string | undefined,
  allowRemovals: boolean,
  deps: SourcesCommand,
): Promise<number> {
  let failed = 0;
  for (const row of await selectSources(source, deps.worker)) {
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
      terminal.write(`${row.source}: ${countsLine(result.outcome)} in ${seconds} s\n`);
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
  await findSource(source, worker);
  const failing = await readFailures(worker, { source, limit: maxFailing + 1 });
  for (const { key, reason, failures, retryAt } of failing.slice(0, maxFailing)) {
    const times = failures === 1 ? 'once' : `${failures} times`;
    const next = retryAt === null ? 'when it is listed again or changes' : `at ${retryAt.toISOString()}`;
    terminal.write(`${printable(key)}\n  ${printable(reason)}\n  failed ${times}; next attempt ${next}\n`);
  }
  if (failing.length > maxFailing) terminal.write(`… and more (showing the first ${maxFailing})\n`);
  return failing.length > 0 ? 1 : 0;
}
