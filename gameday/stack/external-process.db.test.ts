/** External programs start, stop, and never outlive the process that runs them. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { processStart } from '../../services/runtime/process-identity.ts';
import { killLeftovers, startChild } from '../../test/kit/programs/child.ts';
import { freePort } from '../../test/kit/servers/free-port.ts';
import { externalProcess } from './external-process.ts';

killLeftovers();

const server = (port: number) =>
  `console.log(process.pid); require('node:http').createServer((_, r) => r.end()).listen(${port}, '127.0.0.1')`;

async function tool(script?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'external-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const port = await freePort();
  const log = join(folder, 'tool.log');
  const options = {
    name: 'small-server',
    file: process.execPath,
    args: ['-e', script ?? server(port)],
    env: {},
    log,
    ready: `http://127.0.0.1:${port}/`,
  };
  return {
    options,
    tool: externalProcess(options),
    pid: () => Number(readFileSync(log, 'utf8').trim().split('\n').at(-1)),
  };
}

const isAlive = (pid: number) => processStart(pid) !== null;

test('a program is ready after start, gone after stop, and starts again', async () => {
  const { tool: small, options, pid } = await tool();
  await small.start();
  expect((await fetch(options.ready)).ok).toBe(true);
  const first = pid();
  await small.stop();
  expect(isAlive(first)).toBe(false);
  await small.stop();
  await small.start();
  expect(pid()).not.toBe(first);
  await small.stop();
});

test('a program that exits during startup is reported with its log file', async () => {
  const { tool: small, options } = await tool('process.exit(7)');
  await expect(small.start()).rejects.toThrow(`small-server exited during startup: see ${options.log}`);
});

test('a program ends when the process that runs it is killed', async () => {
  const { options, pid } = await tool();
  const module = fileURLToPath(new URL('external-process.ts', import.meta.url));
  const holder = startChild(process.execPath, [
    '--input-type=module',
    '-e',
    `const { externalProcess } = await import(${JSON.stringify(module)});
     await externalProcess(${JSON.stringify(options)}).start();
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
