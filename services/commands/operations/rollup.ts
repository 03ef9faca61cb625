/** `cli -- rollup`: rolls up days by command, with progress and a report. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { commandRetry, createRollDay } from '../../jobs/leased-job.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { addDays, type Day, dayOf, daysBetween, parseDay } from '../../rollup/day.ts';
import { type PeriodMetrics, verdict } from '../../rollup/period-metrics.ts';
import type { DayResult } from '../../rollup/run.ts';
import { runDays } from '../../rollup/run.ts';
import { count } from '../../runtime/console.ts';
import type { Compliance } from '../../slo/verdict.ts';
import type { Terminal } from '../progress.ts';

/** The options as commander passes them. */
export type RollupFlags = { readonly date?: string; readonly from?: string; readonly to?: string };

const maxDays = 3_660;

export function describeRollup(command: Command): Command {
  return command
    .description('compute days of rag_metrics_history, replacing existing rows')
    .option('--date <day>', 'a day in Asia/Tokyo, YYYY-MM-DD (default: yesterday)')
    .option('--from <day>', 'first day of a range')
    .option('--to <day>', 'last day of the range (default: yesterday)')
    .addHelpText('after', '\nStops at the first day that fails, with exit code 1; the days before it are written.');
}

/**
 * @param deps.signal stops after the current day
 * @returns the exit code
 * @throws {Error} for invalid options
 */
export async function runRollup(
  flags: RollupFlags,
  { pool, now, terminal, signal }: { pool: Pool; now: () => Date; terminal: Terminal; signal: AbortSignal },
): Promise<number> {
  const today = dayOf(now());
  const days = daysFrom(flags, today);
  const startedAt = now().getTime();
  let done = 0;
  terminal.write(`${heading}\n`);
  const results = await runDays(days, createRollDay(pool, commandRetry), {
    runId: randomUUID(),
    since: null,
    signal,
    stopOnFailure: true,
    onDay: (result) => {
      done += 1;
      const progress = terminal.columns !== undefined && done < days.length ? `${done}/${days.length} days` : '';
      const clear = terminal.columns === undefined ? '' : '\r\u001b[K';
      const soFar = result.day === today ? ' (so far)' : '';
      terminal.write(`${clear}${lineOf(result)}${soFar}\n${progress}`);
    },
  });
  const written = results.filter(({ state }) => state === 'succeeded').length;
  const seconds = ((now().getTime() - startedAt) / 1_000).toFixed(1);
  terminal.write(`${written} of ${count(days.length, 'day')} rolled up in ${seconds} s\n`);
  return written === days.length ? 0 : 1;
}

/** @throws {Error} that names the option */
export function daysFrom({ date, from, to }: RollupFlags, today: Day): readonly Day[] {
  if (date !== undefined && (from ?? to) !== undefined)
    throw new Error('--date cannot be combined with --from or --to');
  if (to !== undefined && from === undefined) throw new Error('--to requires --from');
  const yesterday = addDays(today, -1);
  const [firstName, lastName] = date === undefined ? ['--from', '--to'] : ['--date', '--date'];
  const first = dayOption(firstName, date ?? from ?? yesterday, today);
  const last = dayOption(lastName, date ?? to ?? yesterday, today);
  if (first > last) throw new Error(`--from ${first} is after --to ${last}`);
  const days = daysBetween(first, last);
  if (days.length > maxDays) throw new Error(`too many days: ${days.length}; the maximum is ${maxDays}`);
  return days;
}

function dayOption(name: string, text: string, today: Day): Day {
  const day = parseDay(text);
  if (day === null) throw new Error(`${name}: ${JSON.stringify(text)} is not a calendar day in the form YYYY-MM-DD`);
  if (day > today) throw new Error(`${name}: ${day} is in the future; today in Asia/Tokyo is ${today}`);
  return day;
}

const columns = ['day', 'answers', 'failed', 'cited %', 'P50 ms', 'P95 ms', 'yen/answer', 'relevance'] as const;
const widths = columns.map((name) => Math.max(name.length, 10));
const heading = `${row(columns)}  objectives`;

function lineOf(result: DayResult): string {
  switch (result.state) {
    case 'succeeded':
      return `${row(cells(result.day, result.outcome))}  ${words(verdict(result.outcome))}`;
    case 'failed':
      return `${result.day}  failed after ${result.attempts} attempts: ${result.error}`;
    case 'elsewhere':
      return `${result.day}  skipped: another worker is processing this day; retry in a minute`;
    case 'stopped':
      return `${result.day}  stopped: not written`;
  }
}

function cells(day: Day, metrics: PeriodMetrics): readonly string[] {
  return [
    day,
    String(metrics.totalQueries),
    String(metrics.failedQueries),
    number(metrics.citationRate, 2),
    number(metrics.latencyP50Ms, 0),
    number(metrics.latencyP95Ms, 0),
    number(metrics.costPerAnswer, 6),
    number(metrics.averageRelevanceScore, 2),
  ];
}

function number(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}

function row(values: readonly string[]): string {
  return values.map((value, index) => value.padStart(widths[index] ?? 0)).join('  ');
}

function words({ overallMet, ...each }: Compliance): string {
  if (overallMet === null) return 'no data';
  if (overallMet) return 'met';
  const names = { citationRateMet: 'citations', latencyMet: 'latency', costMet: 'cost', relevanceMet: 'relevance' };
  const breached = (Object.keys(names) as (keyof typeof names)[]).filter((key) => each[key] === false);
  return `breached: ${breached.map((key) => names[key]).join(', ')}`;
}
