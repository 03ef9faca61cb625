/** An incident pages somebody, with what they need to know, and ends: real Prometheus, real Alertmanager, real traffic. */
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../services/slo/duration.ts';
import { limits } from '../../services/slo/limits.ts';
import { describeStack, expectedOf, missing, noCollector, play } from './play.ts';

test('without Prometheus and Alertmanager it is said what to install', ({ skip }) => {
  if (missing !== null) skip(missing);
});

describe.skipIf(missing !== null)('pages', () => {
  test('answers fail, a page arrives that says what, why and what to do, and its end is told', async () => {
    const { id } = await describeStack();
    const { report, told } = await play('errors');
    expect(report.failures).toEqual([]);
    const page = told.find(
      ({ route, status, labels }) => route === 'page' && status === 'firing' && labels.alertname === 'RagErrorRate',
    );
    expect(page?.labels).toEqual({
      alertname: 'RagErrorRate',
      service: 'rag-chat',
      slo: 'error_rate',
      severity: 'critical',
      gameday: id,
    });
    expect(page?.annotations).toEqual({
      summary: expect.stringMatching(/^Error rate: \d+(\.\d+)?%, above 5% \(objective: below 0\.1%\)\.$/),
      action: 'Investigate logs',
      runbook_url: expect.stringMatching(/\/runbooks\/RagErrorRate\.md$/),
      dashboard_url: 'http://localhost:3001/d/rag-slo',
    });
    const runbook = await fetch(page?.annotations.runbook_url ?? '');
    expect([runbook.status, await runbook.text()]).toEqual([200, expect.stringContaining('# RagErrorRate')]);
    const last = told.filter(({ route, labels }) => route === 'page' && labels.alertname === 'RagErrorRate').at(-1);
    expect(last?.status).toBe('resolved');
  });

  test('a chat server that is killed pages within 90 s of its death and the alert’s two minutes, at the scale of the stack', async () => {
    const { scale } = await describeStack();
    const waits: number[] = [];
    // A machine that pauses for a second has paused for a minute of the stack's: the best of three tells what the chain takes.
    while (waits.length < 3 && !waits.some((wait) => wait <= 90)) {
      const { report, told } = await play('chat-away');
      expect(report.failures).toEqual([]);
      const page = told.find(({ labels }) => labels.alertname === 'RagTargetDown' && labels.service === 'rag-chat');
      expect(page).toMatchObject({
        route: 'page',
        labels: { severity: 'critical', slo: 'target' },
        annotations: { summary: 'Prometheus cannot reach any rag-chat target.' },
      });
      const killedAt = Date.parse(report.steps[0]?.at ?? '');
      waits.push(((page?.at ?? 0) - killedAt) / 1_000 / scale - parseDuration(limits.processDownFor));
    }
    console.log(
      `From the death to the page, beside the two minutes: ${waits.map((wait) => wait.toFixed(0)).join(', ')} s`,
    );
    expect(Math.min(...waits)).toBeLessThanOrEqual(90);
  });

  test('a rollup that failed twice pages, and the next success ends it', async () => {
    const { report, told } = await play('rollup-failure');
    expect(report.failures).toEqual([]);
    const page = told.find(({ route, labels }) => route === 'page' && labels.alertname === 'RagBatchJob');
    expect(page).toMatchObject({
      labels: { service: 'rag-worker', severity: 'critical', slo: 'batch_job' },
      annotations: {
        summary: 'Daily rollup: 2 runs failed in a row (objective: one success every 24 hours).',
        action: 'Manual intervention',
      },
    });
  });

  test.each(['citation-drop', 'slow-model', 'cost-spike', 'database-away'])('%s pages and ends', async (incident) => {
    const { report } = await play(incident);
    expect(report.failures).toEqual([]);
    for (const { alert } of report.expected) expect(expectedOf(report, alert).summary).not.toBe('');
  });

  test('the Collector going away pages, and answers go on', async ({ skip }) => {
    if (noCollector !== null) skip(noCollector);
    const { report } = await play('collector-away');
    expect(report.failures).toEqual([]);
    expect(report.others.map(({ alert }) => alert)).not.toContain('RagErrorRate');
  });
});
