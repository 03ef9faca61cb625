import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const launcher = join(import.meta.dirname, 'run.cjs');

function launch(program: string, { nodeVersion = process.versions.node, args = [] as readonly string[] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'program.ts');
  writeFileSync(file, program);
  const preload = join(folder, 'version.cjs');
  const versions = { ...process.versions, node: nodeVersion };
  writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${JSON.stringify(versions)} });`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', preload, launcher, file, ...args], {
    encoding: 'utf8',
  });
  return { file, status, stdout, stderr };
}

test('a program runs as if Node had started it, with its own arguments and exit code', () => {
  const program =
    'console.log(JSON.stringify([import.meta.main, ...process.argv.slice(1)])); process.exitCode = 7 as number;';
  const { file, status, stdout, stderr } = launch(program, { args: ['--flag', 'word'] });
  expect(JSON.parse(stdout)).toEqual([true, file, '--flag', 'word']);
  expect(status).toBe(7);
  expect(stderr).toBe('');
});

test.each(['18.20.4', '20.20.2', '22.17.1', '23.5.0'])(
  'Node %s, which cannot run TypeScript, gets one line with what to do',
  (nodeVersion) => {
    const { status, stdout, stderr } = launch('console.log("ran")', { nodeVersion });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`needs Node 24, but this is Node ${nodeVersion}.*npm start.*npm ci`));
    expect(status).toBe(1);
    expect(stdout).toBe('');
  },
);

test.each(['22.18.0', '23.6.0', '24.0.0', '25.1.0'])('Node %s runs it', (nodeVersion) => {
  expect(launch('console.log("ran")', { nodeVersion }).stdout).toBe('ran\n');
});
