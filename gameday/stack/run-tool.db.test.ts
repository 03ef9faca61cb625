/** Programs on a leash: they start, stop, and never outlive whoever holds the leash. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { processStart } from '../../services/runtime/process-identity.ts';
import { killLeftovers, startChild } from '../../test/kit/child.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { toolOnLeash } from './run-tool.ts';

killLeftovers();

const server = (port: number) =>
  `console.log(process.pid); require('node:http').createServer((_, r) => r.end()).listen(${port}, '127.0.0.1')`;

async function tool(script?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'leash-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const port = await freePort();
  const log = join(folder, 'tool.log');
  const given = {
    name: 'small-server',
    file: process.execPath,
    args: ['-e', script ?? server(port)],
    env: {},
    log,
    ready: `http://127.0.0.1:${port}/`,
  };
  return { given, tool: toolOnLeash(given), pid: () => Number(readFileSync(log, 'utf8').trim().split('\n').at(-1)) };
}

const isAlive = (pid: number) => processStart(pid) !== null;

test('a tool answers when it has been started, is gone when it has been stopped, and starts again', async () => {
  const { tool: small, given, pid } = await tool();
  await small.start();
  expect((await fetch(given.ready)).ok).toBe(true);
  const first = pid();
  await small.stop();
  expect(isAlive(first)).toBe(false);
  await small.stop();
  await small.start();
  expect(pid()).not.toBe(first);
  await small.stop();
});

test('one that ends right away says where to look', async () => {
  const { tool: small, given } = await tool('process.exit(7)');
  await expect(small.start()).rejects.toThrow(`small-server ended right after its start: see ${given.log}`);
});

test('a tool ends when the program that runs it is killed', async () => {
  const { given, pid } = await tool();
  const runTool = fileURLToPath(new URL('run-tool.ts', import.meta.url));
  const holder = startChild(process.execPath, [
    '--input-type=module',
    '-e',
    `const { toolOnLeash } = await import(${JSON.stringify(runTool)});
     await toolOnLeash(${JSON.stringify(given)}).start();
     console.log('holds');
     setInterval(() => {}, 1_000);`,
  ]);
  await holder.line(/holds/);
  const held = pid();
  expect(isAlive(held)).toBe(true);
  holder.process.kill('SIGKILL');
  await once(holder.process, 'close');
  while (isAlive(held)) await pause(20);
});
