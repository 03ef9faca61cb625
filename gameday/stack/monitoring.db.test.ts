/** The Prometheus configuration and backfill of a game-day stack, checked with promtool and against the shipped one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { noPromtool } from '../../test/kit/rules/rule-scenarios.ts';
import { backfillMetrics, writeBackfill } from './backfill.ts';
import { findTools } from './find-tools.ts';
import { defaultCost } from './price-files.ts';
import { gamedayPrometheus } from './prometheus-config.ts';

const shipped = readFileSync('alerts/prometheus.yml', 'utf8');
const options = {
  shipped,
  scale: 1 / 60,
  id: 'a7',
  targets: { 'rag-chat': '127.0.0.1:1007', prometheus: '127.0.0.1:1009' },
  alertmanager: '127.0.0.1:1013',
  model: '127.0.0.1:1019',
  ruleFiles: [],
};

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'gameday-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test('durations are scaled, the stack has its label, and only running targets are scraped', () => {
  expect(parse(gamedayPrometheus(options))).toEqual({
    global: {
      scrape_interval: '250ms',
      scrape_timeout: '250ms',
      evaluation_interval: '500ms',
      external_labels: { gameday: 'a7' },
    },
    rule_files: [],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1013'] }] }] },
    scrape_configs: [
      { job_name: 'rag-chat', static_configs: [{ targets: ['127.0.0.1:1007'] }] },
      { job_name: 'prometheus', static_configs: [{ targets: ['127.0.0.1:1009'] }] },
      { job_name: 'rag-gameday', static_configs: [{ targets: ['127.0.0.1:1019'] }] },
    ],
  });
  const unknown = { ...options, targets: { 'rag-kitchen': '127.0.0.1:1007' } };
  expect(() => gamedayPrometheus(unknown)).toThrow('alerts/prometheus.yml has no scrape job for rag-kitchen');
});

test.skipIf(noPromtool)('promtool accepts the configuration and creates blocks from the backfill', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'prometheus.yml'), gamedayPrometheus(options));
  const check = spawnSync('promtool', ['check', 'config', join(dir, 'prometheus.yml')], { encoding: 'utf8' });
  expect([check.status, check.stderr]).toEqual([0, '']);
  const blocks = join(dir, 'blocks');
  // promtool dumps nothing without a WAL.
  mkdirSync(join(blocks, 'wal'), { recursive: true });
  const until = Date.parse('2026-03-04T05:06:07Z');
  const backfill = { until, length: 70, step: 5, answersPerSecond: 3, costJpy: defaultCost, model: 'm-7' };
  await writeBackfill('promtool', { file: join(dir, 'backfill.om'), blocks }, backfill);
  const dump = spawnSync('promtool', ['tsdb', 'dump', blocks], { encoding: 'utf8' }).stdout;
  const answers = dump.split('\n').filter((line) => line.includes('rag_answers_total'));
  expect(answers).toHaveLength(15);
  expect(answers[0]).toContain(`cited="true", instance="backfill:0", job="rag-chat", model="m-7", outcome="answered"`);
  expect(answers[0]?.endsWith(` 0 ${until - 70_000}`)).toBe(true);
  expect(answers.at(-1)?.endsWith(` 210 ${until}`)).toBe(true);
});

test('every answer of the backfill is fast, cited and priced', () => {
  const backfill = { until: 0, length: 10, step: 5, answersPerSecond: 3, costJpy: 0.07, model: 'm-7' };
  const last = (name: string) =>
    backfillMetrics(backfill)
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .at(-1);
  expect(last('rag_answer_duration_seconds_bucket')).toMatch(/le="\+Inf"} 30 /);
  expect(backfillMetrics(backfill)).toMatch(/rag_answer_duration_seconds_bucket\{[^}]*le="3"\} 30 0\.000/);
  expect(Number(last('rag_cost_jpy_total')?.split(' ')[1])).toBeCloseTo(2.1);
  expect(last('rag_priced_answers_total')).toMatch(/ 30 0\.000$/);
});

test('missing programs are named with their Debian packages', () => {
  expect(findTools('/nowhere:/neither')).toEqual({
    missing:
      'prometheus, promtool, alertmanager not found (Debian: apt-get install prometheus prometheus-alertmanager)',
    packages: ['prometheus', 'prometheus-alertmanager'],
  });
});

test('a default answer costs far less than the target', () => {
  expect(defaultCost).toBeCloseTo(0.04725);
});
