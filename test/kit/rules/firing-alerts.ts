/** The alerts that fire in a trace, found by the real promtool. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuleGroup } from '../../../alerts/rule.ts';
import type { Trace } from './healthy-installation.ts';

export type FiringAlert = Readonly<Record<string, string>>;

const query = 'ALERTS{alertstate="firing",severity!="none"}';

/**
 * promtool prints what it got when it expected something else, so nothing is expected.
 * @param every interval of samples and evaluations
 * @returns by moment, the labels of each firing alert
 * @throws {Error} if promtool cannot evaluate the rules
 */
export function firingAlerts(
  groups: readonly RuleGroup[],
  { every, trace, at }: { every: string; trace: Trace; at: readonly string[] },
): ReadonlyMap<string, readonly FiringAlert[]> {
  const dir = mkdtempSync(join(tmpdir(), 'firing-'));
  try {
    writeFileSync(join(dir, 'rules.yml'), stringify({ groups }, { aliasDuplicateObjects: false }));
    const test = {
      interval: every,
      input_series: Object.entries(trace).map(([series, values]) => ({ series, values })),
      promql_expr_test: at.map((eval_time) => ({ expr: query, eval_time, exp_samples: [] })),
    };
    const file = join(dir, 'test.yml');
    writeFileSync(
      file,
      stringify({
        rule_files: ['rules.yml'],
        evaluation_interval: every,
        group_eval_order: groups.map(({ name }) => name),
        tests: [test],
      }),
    );
    const { stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const printed = `${stdout}${stderr}`;
    const found = new Map<string, FiringAlert[]>(at.map((moment) => [moment, []]));
    for (const [, moment = '', got = ''] of printed.matchAll(/time: (\S+),\s+exp:.*\s+got:(.*)/g)) {
      const alerts = [...got.matchAll(/\{([^}]*)\} /g)].map(([, inside = '']) =>
        Object.fromEntries([...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])),
      );
      const key = at.find((each) => seconds(each) === seconds(moment));
      if (key === undefined) throw new Error(`promtool printed an unknown time: ${moment}`);
      found.set(key, alerts);
    }
    if (!/SUCCESS|got:/.test(printed)) throw new Error(printed);
    return found;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** `1h30m0s` and `90m` are the same moment. */
function seconds(text: string): number {
  const units: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count = '', unit = '']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
}
