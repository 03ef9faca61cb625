/** The chat server and the worker of a game-day stack, each with its own login and none of this process's environment. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramUrls } from '../../services/embedded-postgres/logins.ts';
import { type NodeProgram, nodeProgram } from './node-process.ts';

type Options = {
  readonly folder: string;
  readonly urls: ProgramUrls;
  readonly ports: { readonly chat: number; readonly chatMetrics: number; readonly workerMetrics: number };
  /** Environment variables of both. */
  readonly settings: Readonly<Record<string, string>>;
};

export type GamedayPrograms = { readonly chat: NodeProgram; readonly worker: NodeProgram };

export function gamedayPrograms({ folder, urls, ports, settings }: Options): GamedayPrograms {
  const env = {
    // The operator's variables for databases and models belong to another environment.
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '1000000',
    JUDGE_SAMPLE_RATE: '0',
    PORT: String(ports.chat),
    METRICS_PORT: String(ports.chatMetrics),
    WORKER_METRICS_PORT: String(ports.workerMetrics),
    ...settings,
  };
  return {
    chat: nodeProgram({
      name: 'chat server',
      nodeArguments: ['--import', services('telemetry/tracing/start-sdk.ts'), services('chat-server.ts')],
      env: { ...env, DATABASE_URL: urls.chat },
      log: join(folder, 'chat.log'),
    }),
    worker: nodeProgram({
      name: 'worker',
      nodeArguments: [services('worker.ts')],
      env: { ...env, DATABASE_URL: urls.worker },
      log: join(folder, 'worker.log'),
    }),
  };
}

function services(file: string): string {
  return fileURLToPath(new URL(`../../services/${file}`, import.meta.url));
}
