/** Starts a PostgreSQL server with a migrated template database, and provides its URLs to every test file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

type TestServer = { ownerUrl: string; superuserUrl: string };

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

export default async function setup(project: TestProject) {
  const program = fileURLToPath(new URL('database/run-postgres.ts', import.meta.url));
  const server = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = once(server, 'exit');
  const firstLine = once(server.stdout.setEncoding('utf8'), 'data').then(([line]) => line as string);
  const line = await Promise.race([firstLine, ended.then(() => null)]);
  if (line === null) throw new Error('the PostgreSQL server of the tests did not start: see the output above');
  project.provide('testServer', JSON.parse(line));
  return async () => {
    server.stdin.end();
    await ended;
  };
}
