/** Checks that signals to npm reach the program it runs, even those that npm does not forward. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killLeftovers, startChild } from './kit/programs/child.ts';

killLeftovers();

const stopRequest = JSON.stringify(join(import.meta.dirname, '..', 'services', 'runtime', 'shutdown-signal.ts'));
const program = `
  import { listenForStop } from ${stopRequest};
  const alive = setInterval(() => {}, 1000);
  const stop = listenForStop(true);
  console.log('running', process.pid);
  console.log('requested', await stop.requested);
  clearInterval(alive);`;

// Only Linux reports npm's own parent without running another program.
const signals = process.platform === 'linux' ? (['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) : (['SIGTERM'] as const);

test.skipIf(process.platform === 'win32').each(signals)(
  'the program stops when only npm receives %s',
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
        // It has exited, as it should.
      }
    });
    npm.process.kill(signal);
    expect(await npm.line(/^requested/)).toBe('requested 143');
    await npm.ended();
  },
  30_000,
);
