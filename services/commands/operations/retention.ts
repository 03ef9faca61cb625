/** `cli -- retention`: deletes expired content and old dialogues, or lists what it would delete. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { commandRetry } from '../../jobs/leased-job.ts';
import { findDialogueCutoff, runContentRetention, runDialogueRetention } from '../../jobs/retention.ts';
import { describeJobError } from '../../logging/describe-error.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { countExpiredContent, readExpiredContent } from '../../postgres/retention/expired-content.ts';
import { countOldDialogues } from '../../postgres/retention/old-dialogues.ts';
import type { Cutoff, DeletedCounts } from '../../retention/old-dialogues.ts';
import type { ExpiredContent } from '../../retention/remove-expired.ts';
import { dayOf } from '../../rollup/day.ts';
import type { RunResult } from '../../rollup/leased-run.ts';
import { count } from '../../runtime/console.ts';
import { printable, showProgress, type Terminal } from '../progress.ts';

/** The options as commander passes them. */
export type RetentionFlags = { readonly dryRun?: boolean };

type Deps = {
  readonly pool: Pool;
  readonly now: () => Date;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** DIALOGUE_RETENTION_DAYS; undefined: dialogues are kept. */
  readonly dialogueDays: number | undefined;
};

export function describeRetention(command: Command): Command {
  return command
    .description('delete expired content, and dialogues older than DIALOGUE_RETENTION_DAYS')
    .option('--dry-run', 'show what would be deleted; change nothing')
    .addHelpText(
      'after',
      '\nThe worker does the same every night. The exit code is 1 if a deletion failed. See docs/retention.md.',
    );
}

/** @returns the exit code */
export async function runRetention({ dryRun = false }: RetentionFlags, deps: Deps): Promise<number> {
  const steps = dryRun ? [previewContent, previewDialogues] : [removeContent, deleteDialogues];
  let done = true;
  for (const step of steps) done = (await step(deps)) && done;
  return done ? 0 : 1;
}

async function previewContent({ pool, now, terminal }: Deps): Promise<boolean> {
  let documents = 0;
  let passages = 0;
  for await (const page of readExpiredContent(pool, now())) {
    for (const content of page) {
      documents += 1;
      passages += content.passages;
      terminal.write(`would remove ${describe(content)}\n`);
    }
  }
  terminal.write(`content: would remove ${count(documents, 'document')} with ${count(passages, 'passage')}\n`);
  return true;
}

async function removeContent({ pool, now, clock, terminal, signal }: Deps): Promise<boolean> {
  const began = clock();
  const clear = terminal.columns === undefined ? '' : '\r\u001b[K';
  const total = await countExpiredContent(pool, now());
  let removed = 0;
  let failed = 0;
  let passages = 0;
  const print = (line: string) => {
    const progress = terminal.columns !== undefined && removed + failed < total ? `${removed + failed}/${total}` : '';
    terminal.write(`${clear}${line}\n${progress}`);
  };
  const result = await runContentRetention(
    pool,
    { retry: commandRetry, now },
    {
      ...newRun(signal),
      onRemoved(content) {
        removed += 1;
        passages += content.passages;
        print(`removed ${describe(content)}`);
      },
      onFailed(content, error) {
        failed += 1;
        print(`failed to remove ${describe(content)}: ${describeJobError(error)}`);
      },
    },
  );
  const seconds = ((clock() - began) / 1_000).toFixed(1);
  const counts = `removed ${count(removed, 'document')} with ${count(passages, 'passage')}, ${failed} failed, in ${seconds} s`;
  terminal.write(`${clear}content: ${counts}${problem(result)}\n`);
  return result.state === 'succeeded';
}

async function previewDialogues({ pool, now, terminal, dialogueDays }: Deps): Promise<boolean> {
  if (dialogueDays === undefined) return keepDialogues(terminal);
  const cutoff = await findDialogueCutoff(pool, { days: dialogueDays, now: now() });
  const counts = await countOldDialogues(pool, cutoff.before);
  terminal.write(
    `dialogues: would delete ${deletions(counts)} from before ${dayOf(cutoff.before)}${heldBack(cutoff)}\n`,
  );
  return true;
}

async function deleteDialogues({ pool, now, clock, terminal, signal, dialogueDays }: Deps): Promise<boolean> {
  if (dialogueDays === undefined) return keepDialogues(terminal);
  const began = clock();
  const progress = showProgress(terminal, clock);
  let total = 0;
  let done = 0;
  let cutoff: Cutoff | null = null;
  const expected = await findDialogueCutoff(pool, { days: dialogueDays, now: now() });
  total = (await countOldDialogues(pool, expected.before)).ai_dialogue_log;
  const result = await runDialogueRetention(
    pool,
    { retry: commandRetry, now, clock },
    {
      ...newRun(signal),
      days: dialogueDays,
      onBegin: (begun) => {
        cutoff = begun;
      },
      onBatch({ ai_dialogue_log }) {
        done = ai_dialogue_log;
        progress.update(`${done}/${total} dialogues`);
      },
    },
  );
  progress.end();
  const seconds = ((clock() - began) / 1_000).toFixed(1);
  const deleted = result.state === 'succeeded' ? deletions(result.outcome.counts) : `${done} of ${total}`;
  const applied = cutoff ?? expected;
  terminal.write(
    `dialogues: deleted ${deleted} from before ${dayOf(applied.before)} in ${seconds} s${problem(result)}${heldBack(applied)}\n`,
  );
  return result.state === 'succeeded';
}

const newRun = (signal: AbortSignal) => ({ runId: randomUUID(), since: null, signal });

function keepDialogues(terminal: Terminal): true {
  terminal.write('dialogues: kept, because DIALOGUE_RETENTION_DAYS is not set\n');
  return true;
}

function describe({ contentType, contentId, sourceUri, passages, ...kept }: ExpiredContent): string {
  const name = sourceUri === null ? '(no source URI)' : printable(sourceUri);
  const years = count(kept.retentionYears, 'year');
  const former = kept.reason === 'expired' ? '' : ' (former version)';
  const what = `${name}  ${contentType} ${contentId}${former}, ${count(passages, 'passage')}`;
  return `${what}: acquired ${instant(kept.acquiredAt)}, retention ${years}, expired ${instant(kept.expiresAt)}`;
}

/** A number stands for the database's infinity. */
function instant(at: Date | number): string {
  return at instanceof Date ? at.toISOString() : 'the beginning of time';
}

function deletions(counts: DeletedCounts): string {
  const { ai_dialogue_log: dialogues, provenance, relevance_judging: judgings, idempotency_key: keys } = counts;
  return `${dialogues} (with ${count(provenance, 'provenance row')}, ${count(judgings, 'judgement')}, ${count(keys, 'idempotency key')})`;
}

function heldBack({ heldBackBy }: Cutoff): string {
  if (heldBackBy === null) return '';
  return `; kept dialogues from ${heldBackBy} on, because that day has no rollup; run: npm run -s cli -- rollup --from ${heldBackBy}`;
}

function problem(result: RunResult<unknown>): string {
  if (result.state === 'elsewhere') return ' (skipped: a worker is running this job; retry in a minute)';
  if (result.state === 'stopped') return ' (stopped; the next run continues)';
  return result.state === 'failed' ? `: ${result.error}` : '';
}
