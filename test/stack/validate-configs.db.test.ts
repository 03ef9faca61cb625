/** Validates the stack's files with the programs that read them. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './stack-files.ts';

function run(program: string, args: readonly string[]): { status: number | null; output: string } | null {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: root });
  return error === undefined ? { status, output: `${stdout}${stderr}` } : null;
}

test.for([
  { program: 'promtool', debian: 'prometheus', args: ['check', 'config', 'alerts/prometheus.yml'] },
  { program: 'caddy', debian: 'caddy', args: ['validate', '--adapter', 'caddyfile', '--config', 'stack/Caddyfile'] },
])('$program accepts its file of the stack', ({ program, debian, args }, { skip }) => {
  const result = run(program, args);
  if (result === null) return skip(`${program} is not installed (Debian: apt-get install ${debian})`);
  expect(result).toMatchObject({ status: 0 });
  // The configuration finds both rule files.
  if (program === 'promtool') expect(result.output).toMatch(/2 rule files found/);
});
