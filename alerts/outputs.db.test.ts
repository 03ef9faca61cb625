/** The generated rules are complete and accepted by promtool. `npm run generated` compares them with the code. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { noPromtool } from '../test/kit/rules/rule-scenarios.ts';
import { compileArtifacts } from './compile-artifacts.ts';
import { type AlertRule, isAlert, type RuleGroup } from './rule.ts';

const generated = compileArtifacts();
const rules = generated.filter(({ path }) => path.endsWith('-rules.yml'));
const alerts = alertsOf(rules);

function alertsOf(files: typeof rules): readonly AlertRule[] {
  return files.flatMap(({ text }) =>
    (parse(text) as { groups: RuleGroup[] }).groups.flatMap((group) => group.rules.filter(isAlert)),
  );
}

test.skipIf(noPromtool)('promtool accepts the rules at scale 1 and 1/60', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const files = [1, 1 / 60].flatMap((scale) =>
    compileArtifacts({ scale })
      .filter(({ path }) => path.endsWith('-rules.yml'))
      .map(({ path, text }) => {
        const file = join(dir, `${scale}-${basename(path)}`);
        writeFileSync(file, text);
        return file;
      }),
  );
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...files], {
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`.match(/SUCCESS/g)).toHaveLength(4);
  expect(status).toBe(0);
});

test('every alert has labels, a summary, an action, a runbook and a dashboard', () => {
  expect(alerts.length).toBeGreaterThan(30);
  for (const { alert, labels, annotations } of alerts) {
    expect(Object.keys(labels), alert).toEqual(['service', 'slo', 'severity']);
    expect(labels.severity, alert).toMatch(/^(warning|critical|none)$/);
    for (const text of [labels.service, labels.slo, annotations.summary, annotations.action]) {
      expect(text, alert).not.toBe('');
    }
    expect(annotations.runbook_url).toBe(`http://localhost:3000/runbooks/${alert}.md`);
    expect(annotations.dashboard_url, alert).toMatch(/^http:\/\/localhost:3001\/d\/rag-[a-z-]+$/);
  }
});

test('slo and severity identify an alert', () => {
  const keys = alerts.map(({ labels }) => `${labels.slo} ${labels.severity}`);
  expect(keys.toSorted()).toEqual([...new Set(keys)].sort());
});

test('rules use no function newer than Prometheus 2.42', () => {
  for (const { text } of rules)
    expect(text).not.toMatch(/query_offset|histogram_fraction|\binfo\(|double_exponential|limitk/);
});

test('bucket labels of whole numbers match both Prometheus versions', () => {
  const text = rules.map((file) => file.text).join('');
  expect(text).toContain('le=~"3(\\\\.0)?"');
  expect(text).not.toMatch(/le="\d+"/);
});
