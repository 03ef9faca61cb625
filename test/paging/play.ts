/** Plays incidents for tests, with the command that a person types, on the stack of all tests of paging. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { Marked, Told } from '../../gameday/control/control-protocol.ts';
import { type ReachedControl, reachControl } from '../../gameday/control/reach-control.ts';
import type { AlertReport, Report } from '../../gameday/report.ts';

const stack = inject('pagingStack');

/** Null: there is a stack; otherwise what to install. */
export const missing: string | null = typeof stack === 'string' ? stack : null;
/** Null: it has a Collector; otherwise what to install. */
export const noCollector: string | null = typeof stack === 'string' ? stack : stack.noCollector;

const cli = fileURLToPath(new URL('../../services/cli.ts', import.meta.url));

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Starts `cli -- gameday …`. */
export function startGameday(args: readonly string[], dataDir = here().dataDir) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir };
  const child = spawn(process.execPath, [cli, 'gameday', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const ran: Promise<Ran> = said.then(([stdout, stderr, [code]]) => ({ code, stdout, stderr }));
  return { child, ran };
}

/** @returns the report, and what arrived at the webhooks since the injection */
export async function play(incident: string): Promise<{ report: Report; told: readonly Told[] }> {
  const { code, stdout, stderr } = await startGameday([incident, '--json']).ran;
  if (stdout === '') throw new Error(`gameday ${incident} ended with ${code}: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  const since = Date.parse(report.injectedAt);
  return { report, told: (await control().told()).filter(({ at }) => at >= since) };
}

/** The control address of the stack. */
export function control(): ReachedControl {
  return reachControl(here().control);
}

/** The stack as it describes itself. */
export async function describeStack(): Promise<Marked> {
  const { stack: marked } = await control().describe();
  if (marked === null) throw new Error('the stack is still being started');
  return marked;
}

export function expectedOf(report: Report, alert: string): AlertReport {
  const found = report.expected.find((each) => each.alert === alert);
  if (found === undefined) throw new Error(`${report.incident} expects no ${alert}`);
  return found;
}

function here() {
  if (typeof stack === 'string') throw new Error(stack);
  return stack;
}
