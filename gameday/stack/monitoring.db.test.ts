/** What a game-day stack gives Prometheus: its own tools take it, and it is what is shipped, only shorter. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { noPromtool } from '../../test/kit/rule-scenarios.ts';
import { findTools } from './find-tools.ts';
import { pastMetrics, writePast } from './make-past.ts';
import { usualCost } from './price-files.ts';
import { gamedayPrometheus } from './prometheus-config.ts';

const shipped = readFileSync('alerts/prometheus.yml', 'utf8');
const given = {
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

test('the shipped lengths of time are a sixtieth as long, the stack is marked, and only what runs is scraped', () => {
  expect(parse(gamedayPrometheus(given))).toEqual({
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
  const strange = { ...given, targets: { 'rag-kitchen': '127.0.0.1:1007' } };
  expect(() => gamedayPrometheus(strange)).toThrow('alerts/prometheus.yml scrapes no rag-kitchen');
});

test.skipIf(noPromtool)('promtool takes the configuration, and makes blocks of the past', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'prometheus.yml'), gamedayPrometheus(given));
  const check = spawnSync('promtool', ['check', 'config', join(dir, 'prometheus.yml')], { encoding: 'utf8' });
  expect([check.status, check.stderr]).toEqual([0, '']);
  const blocks = join(dir, 'blocks');
  // Without one, promtool dumps nothing.
  mkdirSync(join(blocks, 'wal'), { recursive: true });
  const until = Date.parse('2026-03-04T05:06:07Z');
  const past = { until, length: 70, step: 5, answersPerSecond: 3, costJpy: usualCost, model: 'm-7' };
  await writePast('promtool', { file: join(dir, 'past.om'), blocks }, past);
  const dump = spawnSync('promtool', ['tsdb', 'dump', blocks], { encoding: 'utf8' }).stdout;
  const answers = dump.split('\n').filter((line) => line.includes('rag_answers_total'));
  expect(answers).toHaveLength(15);
  expect(answers[0]).toContain(`cited="true", instance="the-past:0", job="rag-chat", model="m-7", outcome="answered"`);
  expect(answers[0]?.endsWith(` 0 ${until - 70_000}`)).toBe(true);
  expect(answers.at(-1)?.endsWith(` 210 ${until}`)).toBe(true);
});

test('in the past every answer was fast, cited and cost what it costs', () => {
  const past = { until: 0, length: 10, step: 5, answersPerSecond: 3, costJpy: 0.07, model: 'm-7' };
  const last = (name: string) =>
    pastMetrics(past)
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .at(-1);
  expect(last('rag_answer_duration_seconds_bucket')).toMatch(/le="\+Inf"} 30 /);
  expect(pastMetrics(past)).toMatch(/rag_answer_duration_seconds_bucket\{[^}]*le="3"\} 30 0\.000/);
  expect(Number(last('rag_cost_jpy_total')?.split(' ')[1])).toBeCloseTo(2.1);
  expect(last('rag_priced_answers_total')).toMatch(/ 30 0\.000$/);
});

test('what is not installed is named, with the package that has it', () => {
  expect(findTools('/nowhere:/neither')).toEqual({
    missing:
      'prometheus, promtool, alertmanager not found (Debian: apt-get install prometheus prometheus-alertmanager)',
    packages: ['prometheus', 'prometheus-alertmanager'],
  });
});

test('a usual answer costs far less than promised', () => {
  expect(usualCost).toBeCloseTo(0.04725);
});
