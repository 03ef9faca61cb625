/** A real chat server in its own process, which can be killed and restarted on the same ports. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../kit/servers/free-port.ts';

export type ChatProcess = {
  readonly origin: string;
  readonly metricsUrl: string;
  /** How often it was started, because counters start again with the process. */
  readonly life: () => number;
  readonly isUp: () => boolean;
  /** Resident memory in bytes; 0 where it is not running. */
  readonly memory: () => number;
  /** Resolves when it is ready. @throws {Error} when it exits before that */
  readonly start: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  /** SIGTERM. @returns its exit code */
  readonly stop: () => Promise<number | null>;
  /** The last lines of its output. */
  readonly output: () => readonly string[];
};

export async function chatProcess(env: Readonly<Record<string, string>>): Promise<ChatProcess> {
  const ports = { PORT: String(await freePort()), METRICS_PORT: String(await freePort()) };
  const output: string[] = [];
  let child: ChildProcess | null = null;
  let lives = 0;
  let up = false;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child === null) return null;
    const ending = child;
    up = false;
    child = null;
    const ended = ending.exitCode === null && ending.signalCode === null ? once(ending, 'exit') : null;
    ending.kill(signal);
    await ended;
    return ending.exitCode;
  }

  return {
    origin: `http://127.0.0.1:${ports.PORT}`,
    metricsUrl: `http://127.0.0.1:${ports.METRICS_PORT}/metrics`,
    life: () => lives,
    isUp: () => up,
    memory: () => (child === null || !up ? 0 : residentMemory(child.pid)),
    output: () => output,
    async start() {
      const program = ['--import', './services/telemetry/tracing/start-sdk.ts', 'services/chat-server.ts'];
      const starting = spawn(process.execPath, program, {
        env: { ...process.env, ...ports, LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: '1000000', ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      for (const stream of [starting.stdout, starting.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output.push(...text.trimEnd().split('\n'));
          if (output.length > 20) output.splice(0, output.length - 20);
        });
      }
      starting.on('exit', (code) => {
        if (child === starting && code !== null) output.push(`exited unexpectedly with ${code}`);
        if (child === starting) up = false;
      });
      child = starting;
      lives += 1;
      const ended = once(starting, 'exit').then(() => {
        throw new Error(`the chat server did not start:\n${output.join('\n')}`);
      });
      await Promise.race([once(starting, 'message'), ended]);
      ended.catch(() => {});
      up = true;
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

function residentMemory(pid: number | undefined): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
  } catch {
    return 0; // it has exited
  }
}
