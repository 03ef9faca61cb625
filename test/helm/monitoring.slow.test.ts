/** Rules, scrapes, dashboards and Alertmanager's fragment of the chart. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { dashboards } from '../../services/catalogue/links.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { noPromtool } from '../kit/rules/rule-scenarios.ts';
import { find, type Manifest, missing, render, template } from './render.ts';

type Rule = { alert?: string; labels?: Record<string, string>; annotations?: Record<string, string> };

const monitoringKinds = ['ServiceMonitor', 'PrometheusRule', 'AlertmanagerConfig', 'ConfigMap'];
const rulesOf = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind === 'PrometheusRule');
const alertsOf = (manifests: readonly Manifest[]) =>
  rulesOf(manifests)
    .flatMap(({ spec }) => spec.groups as { rules: Rule[] }[])
    .flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined));

test.skipIf(missing)('monitoring is optional', () => {
  const kinds = render('minimal').map(({ kind }) => kind);
  expect(kinds.filter((kind) => monitoringKinds.includes(kind))).toEqual([]);
});

test.skipIf(missing || noPromtool)(
  'promtool accepts the rules, and Prometheus sees them as they were generated',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'chart-rules-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const files = rulesOf(render('full')).map(({ metadata, spec }) => {
      const file = join(dir, `${metadata.name}.yaml`);
      writeFileSync(file, stringify(spec, { lineWidth: 0 }));
      return file;
    });
    const { status, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...files], {
      encoding: 'utf8',
    });
    expect([files.length, status, stderr]).toEqual([2, 0, '']);
  },
);

test.skipIf(missing)(
  'alerts carry the namespace that Alertmanager routes by, their own labels and reachable links',
  () => {
    const alerts = alertsOf(render('full'));
    expect(alerts.length).toBeGreaterThan(30);
    for (const { alert = '', labels, annotations } of alerts) {
      expect(labels, alert).toMatchObject({ namespace: 'learning', env: 'production', severity: expect.any(String) });
      expect(Object.keys(labels ?? {}).sort(), alert).toEqual(['env', 'namespace', 'service', 'severity', 'slo']);
      expect(annotations?.runbook_url, alert).toBe(`https://rag.example.com/runbooks/${alert}.md`);
      expect(annotations?.dashboard_url, alert).toMatch(/^https:\/\/grafana\.example\.com\/d\/rag-/);
    }
    const keep = { set: ['monitoring.prometheusRule.alertLabels.severity=info'] };
    expect(alertsOf(render('full', keep)).some(({ labels }) => labels?.severity === 'info')).toBe(false);
  },
);

test.skipIf(missing)('no rendered text links to localhost or to a placeholder', () => {
  expect(template('full').stdout).not.toMatch(/localhost|\.invalid/);
  for (const part of ['prometheusRule', 'dashboards']) {
    const { status, stderr } = template('minimal', { set: [`monitoring.${part}.enabled=true`] });
    expect([status, stderr]).toEqual([1, expect.stringContaining('monitoring.links.runbooks is required')]);
  }
});

test.skipIf(missing)('scrapes have the job names that the rules expect', () => {
  const manifests = render('full');
  for (const program of ['chat', 'worker'] as const) {
    const { metadata, spec } = find(manifests, 'ServiceMonitor', `rag-rag-observatory-${program}`);
    expect(metadata.labels).toMatchObject({ release: 'kube-prometheus-stack' });
    const [endpoint] = spec.endpoints;
    expect(endpoint.relabelings).toContainEqual({ targetLabel: 'job', replacement: scrapeJobs[program] });
    const services = manifests.filter(
      ({ kind, metadata: { labels } }) =>
        kind === 'Service' && Object.entries(spec.selector.matchLabels).every(([key, value]) => labels[key] === value),
    );
    expect(services.map((service) => service.metadata.name)).toEqual([`rag-rag-observatory-${program}-metrics`]);
    expect(services[0]?.spec.ports.map(({ name }: { name: string }) => name)).toContain(endpoint.port);
  }
});

test.skipIf(missing)('each dashboard is a ConfigMap with the label of the sidecar and its folder', () => {
  const maps = render('full').filter(({ kind }) => kind === 'ConfigMap');
  const uids = maps.map(({ metadata, data = {} }) => {
    const [text = ''] = Object.values(data);
    expect(metadata.labels.grafana_dashboard, metadata.name).toBe('1');
    expect(['Service', 'Reports', 'Infrastructure']).toContain(metadata.annotations?.grafana_folder);
    expect(text.length).toBeLessThan(2 ** 18);
    return JSON.parse(text).uid;
  });
  expect(uids.sort()).toEqual(Object.values(dashboards).sort());
});

test.skipIf(missing)('Alertmanager reads secrets by reference, and every receiver of a route exists', () => {
  const { spec } = find(render('full'), 'AlertmanagerConfig', 'rag-rag-observatory');
  const receivers = Object.fromEntries(spec.receivers.map((each: { name: string }) => [each.name, each]));
  const routed = [spec.route, ...spec.route.routes].map(({ receiver }) => receiver);
  expect(Object.keys(receivers)).toEqual(expect.arrayContaining(routed));
  expect(receivers.page.pagerdutyConfigs[0].routingKey).toEqual({ name: 'rag-paging', key: 'pagerduty' });
  expect(receivers.page.emailConfigs[0].authPassword).toEqual({ name: 'rag-paging', key: 'smtp' });
  expect(receivers.page.webhookConfigs[0]).toEqual({
    urlSecret: { name: 'rag-paging', key: 'webhook' },
    sendResolved: true,
  });
  expect(receivers.chat.slackConfigs[0].apiURL).toEqual({ name: 'rag-paging', key: 'slack' });
  expect(receivers.heartbeat.webhookConfigs[0].sendResolved).toBe(false);
  expect(template('full').stdout).not.toMatch(/: =$/m);
  expect(spec.inhibitRules[0]).toEqual({
    sourceMatch: [{ name: 'severity', matchType: '=', value: 'critical' }],
    targetMatch: [{ name: 'severity', matchType: '=', value: 'warning' }],
    equal: expect.arrayContaining(['service', 'slo']),
  });
});

test.skipIf(missing)('with one channel every alert reaches it, and without one the chart is refused', () => {
  const enabled = 'monitoring.alertmanagerConfig.enabled=true';
  const slack = 'monitoring.alertmanagerConfig.chat.slack.secretName=slack';
  const { spec } = find(render('minimal', { set: [enabled, slack] }), 'AlertmanagerConfig', 'rag-rag-observatory');
  const [page, chat, heartbeat] = spec.receivers;
  expect(page.slackConfigs).toEqual(chat.slackConfigs);
  expect(heartbeat).toEqual({ name: 'heartbeat' });
  expect(template('minimal', { set: [enabled] }).stderr).toContain('without a channel');
});
