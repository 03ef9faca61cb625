/** Sets up the system under test: PostgreSQL with sample documents, a network proxy, a chat server and users. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeToken } from '../../services/commands/users/token.ts';
import { loadConfig } from '../../services/config.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { ingestSamples } from '../../services/wiring/ingest-samples.ts';
import { chatProcess } from './chat-process.ts';
import { undoable } from './clean-up.ts';
import type { Parts } from './faults.ts';
import { type KillablePostgres, killablePostgres } from './killable-postgres.ts';
import { openNetwork } from './network.ts';

export type Environment = Parts & { readonly tokens: readonly string[]; readonly close: () => Promise<void> };

const people = 7;

/** @param env of the chat server @param settings of PostgreSQL */
export async function createEnvironment(
  directory: string,
  { env = {}, settings = {} }: { env?: Record<string, string>; settings?: Record<string, string> } = {},
): Promise<Environment> {
  const starting = killablePostgres({ dataDir: join(directory, 'database'), settings });
  const stopDatabase = undoable(async () => {
    const postgres = await starting;
    await postgres.start(); // recovers after a crash, before the clean stop
    await postgres.server().stop();
  });
  try {
    return await around(await starting, stopDatabase, directory, env);
  } catch (error) {
    await stopDatabase();
    throw error;
  }
}

async function around(
  postgres: KillablePostgres,
  stopDatabase: () => Promise<void>,
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<Environment> {
  const { url, port } = postgres.server();
  await migrate(url);
  await ingestSamples({ url, embedded: true }, 'samples', () => {});
  const network = await openNetwork({ host: '127.0.0.1', port });
  const through = new URL(url);
  through.port = String(network.port);
  const own = { ...env, DATA_DIR: join(directory, 'chat'), DATABASE_URL: through.href };
  const chat = await chatProcess(own);
  const stopChat = undoable(chat.kill);
  await chat.start();
  const config = loadConfig(own);
  const tokens = await Promise.all(
    Array.from({ length: people }, () => makeToken({ user: randomUUID() }, config, new Date())),
  );
  return {
    chat,
    postgres,
    network,
    tokens,
    async close() {
      await stopChat();
      await network.close();
      await stopDatabase();
    },
  };
}
