/** `cli -- retention`: removes what has been kept long enough, content and dialogues, or says what it would remove. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { commandRetry } from '../jobs/leased-job.ts';
import { findDialogueCutoff, runContentRetention, runDialogueRetention } from '../jobs/retention.ts';
import { describeJobError } from '../logging/describe-error.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { countExpiredContent, readExpiredContent } from '../postgres/retention/expired-content.ts';
import { countOldDialogues } from '../postgres/retention/old-dialogues.ts';
import type { ExpiredContent } from '../retention/expired-content.ts';
import type { Cutoff, DeletedCounts } from '../retention/old-dialogues.ts';
import { dayOf } from '../rollup/day.ts';
import type { RunResult } from '../rollup/leased-run.ts';
import { count } from '../runtime/console.ts';
import { printable, showProgress, type Terminal } from './show-progress.ts';

/** As commander hands them over. */
export type RetentionFlags = { readonly dryRun?: boolean };

type Given = {
  readonly pool: Pool;
  readonly now: () => Date;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** DIALOGUE_RETENTION_DAYS; undefined: dialogues are kept. */
  readonly dialogueDays: number | undefined;
};

/** Adds the command's options and help. */
export function describeRetention(command: Command): Command {
  return command
    .description('remove content whose retention has ended, and dialogues older than DIALOGUE_RETENTION_DAYS')
    .option('--dry-run', 'say what would be removed; change nothing')
    .addHelpText(
      'after',
      '\nThe worker does the same every night. The exit code is 1 if something could not be removed. See docs/retention.md.',
    );
}

/** @returns the exit code */
export async function runRetention({ dryRun = false }: RetentionFlags, given: Given): Promise<number> {
  const steps = dryRun ? [rehearseContent, rehearseDialogues] : [removeContent, deleteDialogues];
  let done = true;
  for (const step of steps) done = (await step(given)) && done;
  return done ? 0 : 1;
}

async function rehearseContent({ pool, now, terminal }: Given): Promise<boolean> {
  let contents = 0;
  let passages = 0;
  for await (const page of readExpiredContent(pool, now())) {
    for (const content of page) {
      contents += 1;
      passages += content.passages;
      terminal.write(`would remove ${why(content)}\n`);
    }
  }
  terminal.write(`content: ${contents} would be removed, with ${count(passages, 'passage')}\n`);
  return true;
}

async function removeContent({ pool, now, clock, terminal, signal }: Given): Promise<boolean> {
  const began = clock();
  const clear = terminal.columns === undefined ? '' : '\r\u001b[K';
  const total = await countExpiredContent(pool, now());
  let removed = 0;
  let failed = 0;
  let passages = 0;
  const tell = (line: string) => {
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
        tell(`removed ${why(content)}`);
      },
      onFailed(content, error) {
        failed += 1;
        tell(`failed ${why(content)}: ${describeJobError(error)}`);
      },
    },
  );
  const seconds = ((clock() - began) / 1_000).toFixed(1);
  const counts = `${removed} removed, with ${count(passages, 'passage')}, ${failed} failed in ${seconds} s`;
  terminal.write(`${clear}content: ${counts}${trouble(result)}\n`);
  return result.state === 'succeeded';
}

async function rehearseDialogues({ pool, now, terminal, dialogueDays }: Given): Promise<boolean> {
  if (dialogueDays === undefined) return keepDialogues(terminal);
  const cutoff = await findDialogueCutoff(pool, { days: dialogueDays, now: now() });
  const counts = await countOldDialogues(pool, cutoff.before);
  terminal.write(`dialogues: ${told(counts)} ${from(cutoff)} would be deleted${heldBack(cutoff)}\n`);
  return true;
}

async function deleteDialogues({ pool, now, clock, terminal, signal, dialogueDays }: Given): Promise<boolean> {
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
  const counted = result.state === 'succeeded' ? told(result.outcome.counts) : `${done} of ${total}`;
  const held = heldBack(cutoff ?? expected);
  terminal.write(
    `dialogues: ${counted} ${from(cutoff ?? expected)} deleted in ${seconds} s${trouble(result)}${held}\n`,
  );
  return result.state === 'succeeded';
}

const newRun = (signal: AbortSignal) => ({ runId: randomUUID(), since: null, signal });

function keepDialogues(terminal: Terminal): true {
  terminal.write('dialogues: all are kept, because DIALOGUE_RETENTION_DAYS is not set\n');
  return true;
}

/** What it is, and why it goes. */
function why({ contentType, contentId, sourceUri, passages, ...kept }: ExpiredContent): string {
  const name = sourceUri === null ? '(no source URI)' : printable(sourceUri);
  const years = count(kept.retentionYears, 'year');
  const former = kept.reason === 'expired' ? '' : ', a former version';
  const what = `${name}  ${contentType} ${contentId}${former}, ${count(passages, 'passage')}`;
  return `${what}: kept for ${years} from ${instant(kept.acquiredAt)}, expired ${instant(kept.expiresAt)}`;
}

/** A number is an infinity of the database. */
function instant(at: Date | number): string {
  return at instanceof Date ? at.toISOString() : 'the beginning of time';
}

function told(counts: DeletedCounts): string {
  const { ai_dialogue_log: dialogues, provenance, relevance_judging: judgings, idempotency_key: keys } = counts;
  return `${dialogues} (with ${count(provenance, 'provenance row')}, ${count(judgings, 'judgement')}, ${count(keys, 'idempotency key')})`;
}

function from({ before }: Cutoff): string {
  return `from before ${dayOf(before)}`;
}

function heldBack({ heldBackBy }: Cutoff): string {
  if (heldBackBy === null) return '';
  return `; those of ${heldBackBy} and later stay until that day is rolled up: npm run -s cli -- rollup --from ${heldBackBy}`;
}

function trouble(result: RunResult<unknown>): string {
  if (result.state === 'elsewhere') return ': a worker is at it; try again in a minute';
  if (result.state === 'stopped') return ': stopped before the end; the rest goes next time';
  return result.state === 'failed' ? `: ${result.error}` : '';
}
