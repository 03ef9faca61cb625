/** A stranger's objectives: other names, targets and units, fewer objectives, one service with numbers of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { RuleGroup } from '../../alerts/rule.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const strangers = join(root, 'test/kit/slo/stranger.yaml');

function slo(...args: readonly string[]) {
  // SLO_FILE is the specification's.
  const run = spawnSync(process.execPath, ['services/cli.ts', 'slo', ...args], { cwd: root, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'slo-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

function written(text: string): string {
  const file = join(folder(), 'slo.yaml');
  writeFileSync(file, text);
  return file;
}

test('generate writes rules, dashboards and runbooks of other objectives to a folder and leaves the checkout alone', () => {
  const before = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout;
  const dir = folder();
  expect(slo('generate', '--file', strangers, '--out', dir)).toMatchObject({ code: 0, err: '' });
  expect(spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout).toBe(before);

  const { groups } = parse(readFileSync(join(dir, 'rules/slo-rules.yml'), 'utf8')) as { groups: RuleGroup[] };
  const rules = groups.flatMap((group) => group.rules);
  const alerts = rules.flatMap((rule) => ('alert' in rule ? [rule] : []));
  expect(new Set(alerts.map(({ alert }) => alert))).toEqual(
    new Set(['RagAnswersCited', 'RagSlowAnswers', 'RagNotFound']),
  );
  for (const { name, rules: of } of groups) expect(of.length, name).toBeLessThanOrEqual(20);
  // The service with its own numbers has rules of its own, and the others leave it out.
  const slow = alerts.filter(({ alert, labels }) => alert === 'RagSlowAnswers' && labels.severity === 'warning');
  expect(slow.map(({ labels }) => [labels.service, labels.when]).sort()).toEqual(
    [
      ['tutor', 'day'],
      ['tutor', 'night'],
      ['{{ or $labels.service "rag-chat" }}', 'day'],
      ['{{ or $labels.service "rag-chat" }}', 'night'],
    ].sort(),
  );
  expect(slow.find(({ labels }) => labels.service === 'tutor')?.expr).toContain('beyond="8",service="tutor"');
  expect(alerts[0]?.expr).toContain('on (slo, service, stage, region)');
  expect(alerts[0]?.annotations.runbook_url).toBe('https://wiki.example/rb/RagAnswersCited.md');

  for (const { alert } of alerts) expect(existsSync(join(dir, `runbooks/${alert}.md`)), alert).toBe(true);
  const dashboard = readFileSync(join(dir, 'dashboards/service/rag-slo.json'), 'utf8');
  for (const name of ['answers_cited', 'slow_answers', 'first_token', 'not_found', 'downvotes'])
    expect(dashboard).toContain(name);
  expect(globSync(`${dir}/dashboards/*/*.json`)).toHaveLength(8);
  expect(dashboard).toContain('stage=~\\"$stage\\"');
  expect(readFileSync(join(dir, 'rules/operation-rules.yml'), 'utf8')).toContain('job=~"tutor-chat|');
  expect(readFileSync(join(dir, 'alertmanager-example.yml'), 'utf8')).toContain('mute_time_intervals');
});

test('check says what is wrong, in which line, and what to do', () => {
  const file = written(`version: 1
objectives:
  errors:
    indicator: error_rate
    target: 3s
  slow:
    indicator: latency
    target: 3
  cited:
    indicator: citation_rate
    target: 70%
    warning: 80%
    budgetAlert: true
    action: Look
  job: { indicator: rollup, quantile: 0.5, action: Look }
`);
  const { code, err } = slo('check', file);
  expect(code).toBe(1);
  expect(err.trim().split('\n')).toEqual([
    `${file}:5: errors: target is 3s, which is not a share: write 0.7 or 70%`,
    `${file}:6: slow: a quantile is required: 0.95 for P95`,
    `${file}:9: cited: warning 0.8 must be below target 0.7`,
    expect.stringMatching(
      /:9: cited: the budget alert over 1h cannot fire: 14\.4 × 0\.3 = 4\.32 exceeds 1.*Remove budgetAlert/,
    ),
    expect.stringMatching(/over 6h cannot fire/),
    `${file}:15: job: quantile does not apply to a job: remove it`,
  ]);
  const typing = written('version: 1\nobjectives:\n  a: { indicator: latency, targt: 3 }\nidentity: [job]\n');
  expect(slo('check', typing).err).toMatch(/:3: targt is not a known setting.*\n.*:4: identity\.0: must not be one of/);
  expect(slo('check', written('version: 1\nobjectives: [\n')).err).toMatch(/:\d: this is not YAML/);
  expect(slo('check', strangers)).toMatchObject({ code: 0, out: expect.stringContaining('is valid: 5 objectives') });
});

test('explain prints the arithmetic of the error rate', () => {
  const { out } = slo('explain', 'error_rate');
  expect(out).toContain('0.1% of events over 30d: 10 of 10,000 may be bad');
  expect(out).toContain('burn rate 0.02 × 30d ÷ 1h = 14.4, 14.4 × 0.001 = 1.44% of events');
  expect(slo('explain', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Choose one of: citation_rate'),
  });
});

test('an export can be imported again, and means are refused with the reason', () => {
  const { out, err } = slo('export');
  expect(err).toMatch(/relevance is left out: it is about a mean/);
  const file = join(folder(), 'openslo.yaml');
  writeFileSync(file, out);
  const { objectives } = parse(slo('import', file).out);
  expect(objectives.error_rate).toMatchObject({
    indicator: 'error_rate',
    target: 0.001,
    warning: 0.01,
    critical: 0.05,
  });
  expect(objectives.latency_p95).toMatchObject({
    indicator: 'latency',
    quantile: 0.95,
    target: 3,
    critical: 5,
    budgetAlert: true,
  });
  expect(Object.keys(objectives)).toEqual([
    'citation_rate',
    'latency_p50',
    'latency_p95',
    'error_rate',
    'availability',
  ]);
});

test("other people's OpenSLO files are read by their queries, or refused with the line and the reason", () => {
  const document = (name: string, query: string, more = '') => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: assistant
  indicator:
    metadata: { name: ${name} }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: '${query}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(rag_answers_total{outcome=~"failed|no_answer|answered",namespace="x"}[{{.window}}]))' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.995 }]
${more}`;
  const failed = 'sum(rate(rag_answers_total{outcome="failed",namespace="x"}[{{.window}}]))';
  const own = slo('import', written(document('Front-Page', failed)));
  expect(parse(own.out).objectives).toEqual({
    front_page: { indicator: 'error_rate', title: 'Front-Page', target: 0.005 },
  });

  const refused = [
    document('one', 'sum(http_requests_total{code="500"})'),
    document('two', failed).replace('Occurrences', 'Timeslices'),
    document('three', failed).replace('30d', '7d'),
    document('four', failed).replace('openslo/v1', 'openslo/v1alpha'),
  ].join('---\n');
  const { code, err } = slo('import', written(refused));
  expect(code).toBe(1);
  expect(err).toMatch(/:1: one: no indicator here measures http_requests_total/);
  expect(err).toMatch(/two: its budgeting method is Timeslices/);
  expect(err).toMatch(/three: its time window is 7d/);
  expect(err).toMatch(/apiVersion is openslo\/v1alpha: only openslo\/v1/);
});
