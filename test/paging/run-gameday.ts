/** Runs incidents for tests with the `gameday` command, on the stack of all paging tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { type ControlClient, controlClient } from '../../gameday/control/control-client.ts';
import type { ReceivedAlert, StackInfo } from '../../gameday/control/control-protocol.ts';
import type { AlertReport, Report } from '../../gameday/report.ts';

const stack = inject('pagingStack');

/** Null: there is a stack; otherwise what to install. */
export const missing: string | null = typeof stack === 'string' ? stack : null;
/** Null: the stack has a Collector; otherwise what to install. */
export const noCollector: string | null = typeof stack === 'string' ? stack : stack.noCollector;

const cli = fileURLToPath(new URL('../../services/cli.ts', import.meta.url));

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Starts `cli -- gameday …`. */
export function startGameday(args: readonly string[], dataDir = pagingStack().dataDir) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir };
  const child = spawn(process.execPath, [cli, 'gameday', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const ran: Promise<Ran> = output.then(([stdout, stderr, [code]]) => ({ code, stdout, stderr }));
  return { child, ran };
}

/** @returns the report, and what the webhooks received since the injection */
export async function runIncident(incident: string): Promise<{ report: Report; received: readonly ReceivedAlert[] }> {
  const { code, stdout, stderr } = await startGameday([incident, '--json']).ran;
  if (stdout === '') throw new Error(`gameday ${incident} ended with ${code}: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  const since = Date.parse(report.injectedAt);
  return { report, received: (await control().receivedAlerts()).filter(({ at }) => at >= since) };
}

export function control(): ControlClient {
  return controlClient(pagingStack().control);
}

export async function stackInfo(): Promise<StackInfo> {
  const { stack: info } = await control().status();
  if (info === null) throw new Error('the stack is still starting');
  return info;
}

export function expectedOf(report: Report, alert: string): AlertReport {
  const found = report.expected.find((each) => each.alert === alert);
  if (found === undefined) throw new Error(`${report.incident} expects no ${alert}`);
  return found;
}

function pagingStack() {
  if (typeof stack === 'string') throw new Error(stack);
  return stack;
}
