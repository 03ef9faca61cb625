/** Incidents page with the information that on-call needs, and resolve: real Prometheus, Alertmanager and traffic. */
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../services/slo/duration.ts';
import { limits } from '../../services/slo/limits.ts';
import { expectedOf, missing, noCollector, runIncident, stackInfo } from './run-gameday.ts';

describe.skipIf(missing !== null)('pages', () => {
  test('when answers fail, a page arrives with summary, action and links, and later its resolution', async () => {
    const { id } = await stackInfo();
    const { report, received } = await runIncident('errors');
    expect(report.failures).toEqual([]);
    const page = received.find(
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
      summary: expect.stringMatching(
        /^Error rate: \d+(\.\d+)?% now \(5m\), alerts above 5% \(objective: below 0\.1%\)\. \d+ of \d+ questions failed over 1h\..* Mostly stage generate/,
      ),
      action: 'Investigate logs',
      runbook_url: expect.stringMatching(/\/runbooks\/RagErrorRate\.md$/),
      dashboard_url: 'http://localhost:3001/d/rag-slo',
    });
    const runbook = await fetch(page?.annotations.runbook_url ?? '');
    expect([runbook.status, await runbook.text()]).toEqual([200, expect.stringContaining('# RagErrorRate')]);
    const last = received.filter(({ route, labels }) => route === 'page' && labels.alertname === 'RagErrorRate').at(-1);
    expect(last?.status).toBe('resolved');
  });

  test('a killed chat server pages within 90 s plus the two minutes of the alert, at the scale of the stack', async () => {
    const { scale } = await stackInfo();
    const waits: number[] = [];
    // A pause of one second on the machine is a minute of the stack's time, so the best of three counts.
    while (waits.length < 3 && !waits.some((wait) => wait <= 90)) {
      const { report, received } = await runIncident('chat-down');
      expect(report.failures).toEqual([]);
      const page = received.find(({ labels }) => labels.alertname === 'RagTargetDown' && labels.service === 'rag-chat');
      expect(page).toMatchObject({
        route: 'page',
        labels: { severity: 'critical', slo: 'target' },
        annotations: { summary: 'Prometheus cannot reach any rag-chat target.' },
      });
      const killedAt = Date.parse(report.steps[0]?.at ?? '');
      waits.push(((page?.at ?? 0) - killedAt) / 1_000 / scale - parseDuration(limits.processDownFor));
    }
    console.log(
      `From the kill to the page, without the two minutes: ${waits.map((wait) => wait.toFixed(0)).join(', ')} s`,
    );
    expect(Math.min(...waits)).toBeLessThanOrEqual(90);
  });

  test('a rollup that fails twice pages, and the next success resolves the alert', async () => {
    const { report, received } = await runIncident('rollup-failure');
    expect(report.failures).toEqual([]);
    const page = received.find(({ route, labels }) => route === 'page' && labels.alertname === 'RagBatchJob');
    expect(page).toMatchObject({
      labels: { service: 'rag-worker', severity: 'critical', slo: 'batch_job' },
      annotations: {
        summary: 'Daily rollup: 2 runs failed in a row (objective: one success every 24 hours).',
        action: 'Manual intervention',
      },
    });
  });

  test.each(['citation-drop', 'slow-model', 'cost-spike', 'database-down'])(
    '%s pages and resolves',
    async (incident) => {
      const { report } = await runIncident(incident);
      expect(report.failures).toEqual([]);
      for (const { alert } of report.expected) expect(expectedOf(report, alert).summary).not.toBe('');
    },
  );

  test('a stopped Collector pages, and answers continue', async ({ skip }) => {
    if (noCollector !== null) skip(noCollector);
    const { report } = await runIncident('collector-down');
    expect(report.failures).toEqual([]);
    expect(report.others.map(({ alert }) => alert)).not.toContain('RagErrorRate');
  });
});
