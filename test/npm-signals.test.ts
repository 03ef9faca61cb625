/** What npm is sent reaches the program that it runs, also what npm does not pass on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killLeftovers, startChild } from './kit/child.ts';

killLeftovers();

const stopRequest = JSON.stringify(join(import.meta.dirname, '..', 'services', 'runtime', 'shutdown-signal.ts'));
const program = `
  import { listenForStop } from ${stopRequest};
  const alive = setInterval(() => {}, 1000);
  const stop = listenForStop(true);
  console.log('running', process.pid);
  console.log('asked', await stop.requested);
  clearInterval(alive);`;

// Of npm's own parents nothing but Linux tells without another program.
const signals = process.platform === 'linux' ? (['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) : (['SIGTERM'] as const);

test.skipIf(process.platform === 'win32').each(signals)(
  'the program that npm runs is told to stop when npm alone gets %s',
  async (signal) => {
    const home = mkdtempSync(join(tmpdir(), 'rag-npm-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    writeFileSync(join(home, 'program.mjs'), program);
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ scripts: { start: `${process.execPath} program.mjs` } }),
    );
    const npm = startChild('npm', ['start'], { cwd: home });
    const pid = Number((await npm.line(/^running/)).split(' ')[1]);
    onTestFinished(() => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended, as it should.
      }
    });
    npm.process.kill(signal);
    expect(await npm.line(/^asked/)).toBe('asked 143');
    await npm.ended();
  },
  30_000,
);
