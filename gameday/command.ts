/** `cli -- gameday INCIDENT`: plays an incident against a running stack, and reports which alerts came of it. */
import type { Command } from 'commander';
import { showProgress, type Terminal } from '../services/commands/progress.ts';
import { findStack, type StackFlags } from './find-stack.ts';
import { incidentNamed, incidents } from './incidents.ts';
import { playIncident } from './play.ts';
import { printReport } from './report.ts';
import { gamedayFolder, recallControl } from './stack/remember-stack.ts';

/** As commander hands them over. */
export type GamedayFlags = StackFlags & { readonly json?: boolean; readonly wait?: string };

type Given = {
  readonly dataDir: string;
  /** Takes the report. */
  readonly write: (text: string) => void;
  /** Where progress is shown. */
  readonly terminal: Terminal;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

/** At the shipped lengths of time: twice what the slowest expected alert takes with little traffic. */
const usualWaitMs = 3 * 3_600_000;
const leastWaitMs = 60_000;

/** Adds the command's options and help. */
export function describeGameday(command: Command): Command {
  return command
    .description('play an incident against a stack that `npm run gameday` started, and report which alerts came')
    .argument('<incident>', incidents.map(({ name }) => name).join(', '))
    .option('--json', 'print the report as JSON')
    .option('--wait <seconds>', 'how long to wait for each: quiet before, the pages, their end')
    .option('--prometheus <url>', 'of another stack, whose model is `npm run gameday:model`')
    .option('--alertmanager <url>', 'of the same stack')
    .option('--yes-really', 'play on that stack although it was not started for game days')
    .addHelpText(
      'after',
      `\n${incidents.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n')}\n\n` +
        'What was injected is healed at the end, at Ctrl-C too. The exit code is 1 if a page did not come or did not end.\n' +
        'See docs/gamedays.md.',
    );
}

/**
 * @returns the exit code
 * @throws {Error} for a person: there is no such incident, no stack for it, or the stack broke meanwhile
 */
export async function runGameday(name: string, flags: GamedayFlags, given: Given): Promise<number> {
  const { dataDir, write, terminal, clock, signal } = given;
  const incident = incidentNamed(name);
  if (incident === undefined) {
    throw new Error(`There is no incident "${name}". There are: ${incidents.map((each) => each.name).join(', ')}`);
  }
  const asked = flags.wait === undefined ? null : secondsOf(flags.wait);
  const stack = await findStack(incident, flags, { place: recallControl(gamedayFolder(dataDir)), dataDir });
  const waitMs = asked === null ? Math.max(leastWaitMs, usualWaitMs * stack.scale) : asked * 1_000;
  const progress = showProgress(terminal, clock);
  const room = terminal.columns === undefined ? undefined : terminal.columns - 1;
  try {
    const report = await playIncident(incident, stack, {
      waitMs,
      signal,
      tell: (line) => progress.update(line.slice(0, room)),
      now: () => Date.now(),
    });
    progress.end();
    write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : `${printReport(report)}\n`);
    return report.failures.length === 0 ? 0 : 1;
  } finally {
    progress.end();
  }
}

function secondsOf(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`--wait must be a whole number of seconds, not "${text}"`);
}
