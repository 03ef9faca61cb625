/** Alertmanager's configuration, checked with the real amtool for every combination of channels and for its routes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { deployment } from '../../services/slo/deployment.ts';
import { compileArtifacts } from '../compile-artifacts.ts';
import { isAlert, type RuleGroup } from '../rule.ts';
import { ChannelError, readChannels } from './channels.ts';
import { alertmanagerConfig } from './config.ts';
import { exampleEnvironment } from './example.ts';
import { targetDown, watchdog } from './inhibitions.ts';

const noAmtool =
  spawnSync('amtool', ['--version']).error === undefined
    ? null
    : 'amtool is not installed (Debian: apt-get install prometheus-alertmanager)';

if (noAmtool !== null) console.warn(`Alertmanager's configuration is not checked: ${noAmtool}`);

const all: Readonly<Record<string, string>> = exampleEnvironment;
const only = (...parts: string[]) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => parts.some((part) => name.startsWith(`ALERT_${part}`))));

function configOf(env: Readonly<Record<string, string>>, dir = '/etc/alertmanager') {
  const { text, secrets } = alertmanagerConfig(readChannels(env), dir);
  const config = parse(text) as { receivers: { name: string }[] };
  const kinds = (name: string) => {
    const { name: _own, ...rest } = config.receivers.find((receiver) => receiver.name === name) ?? { name };
    return Object.keys(rest).map((kind) => kind.replace('_configs', ''));
  };
  return { text, secrets, page: kinds('page'), chat: kinds('chat'), heartbeat: kinds('heartbeat') };
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

const sets: [string, Record<string, string>][] = [
  ['everything', { ...all }],
  ['nothing', {}],
  ['PagerDuty', only('PAGERDUTY')],
  ['mail', only('EMAIL', 'SMTP')],
  ['mail without authentication', only('EMAIL', 'SMTP_HOST')],
  ['Slack', only('SLACK')],
  ['a webhook for pages', only('PAGE_WEBHOOK')],
  ['a webhook for the chat', only('CHAT_WEBHOOK')],
  ['PagerDuty, Slack and a heartbeat', only('PAGERDUTY', 'SLACK', 'HEARTBEAT')],
  ['mail and a webhook for the chat', only('EMAIL', 'SMTP', 'CHAT_WEBHOOK')],
];

test.skipIf(noAmtool).each(sets)('amtool accepts the configuration with %s', (_name, env) => {
  const dir = folder();
  const { text, secrets } = configOf(env, dir);
  for (const secret of secrets) writeFileSync(join(dir, secret.name), secret.text);
  writeFileSync(join(dir, 'alertmanager.yml'), text);
  const { status, stdout, stderr } = spawnSync('amtool', ['check-config', join(dir, 'alertmanager.yml')], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/3 receivers/);
});

test.skipIf(noAmtool)('critical alerts go to the pager, warnings to the chat, the watchdog to the heartbeat', () => {
  const dir = folder();
  const file = join(dir, 'alertmanager.yml');
  writeFileSync(file, configOf(all).text);
  const routes = [
    ['page', 'alertname=RagErrorRate', 'severity=critical', 'service=rag-chat', 'slo=error_rate'],
    ['chat', 'alertname=RagErrorRate', 'severity=warning', 'service=rag-chat', 'slo=error_rate'],
    ['chat', 'alertname=RagErrorRateBudget', 'severity=warning', 'service=rag-chat', 'slo=error_rate_budget'],
    ['page', `alertname=${targetDown}`, 'severity=critical', 'service=rag-worker', 'slo=target'],
    ['heartbeat', `alertname=${watchdog}`, 'severity=none', 'service=prometheus', 'slo=watchdog'],
    // An unknown alert with an unknown severity.
    ['page', 'alertname=Stranger', 'severity=fatal'],
  ];
  for (const [receiver, ...labels] of routes) {
    const args = ['config', 'routes', 'test', `--config.file=${file}`, `--verify.receivers=${receiver}`, ...labels];
    const { status, stdout } = spawnSync('amtool', args, { encoding: 'utf8' });
    expect([labels.join(), stdout.trim(), status]).toEqual([labels.join(), receiver, 0]);
  }
});

test('routes and inhibitions name only alerts, severities and labels that rules have', () => {
  const alerts = compileArtifacts()
    .filter(({ path }) => path.endsWith('-rules.yml'))
    .flatMap(({ text }) => (parse(text) as { groups: RuleGroup[] }).groups)
    .flatMap(({ rules }) => rules.filter(isAlert));
  const names = alerts.map(({ alert }) => alert);
  expect(names).toEqual(expect.arrayContaining([watchdog, targetDown]));
  expect([...new Set(alerts.map(({ labels }) => labels.severity))].sort()).toEqual(['critical', 'none', 'warning']);
  const { inhibit_rules } = parse(configOf(all).text);
  const [, { target_matchers }] = inhibit_rules;
  const excluded = /"(.*)"/.exec(target_matchers[0])?.[1]?.split('|') ?? [];
  expect(names).toEqual(expect.arrayContaining(excluded));
  // Each part of `a=~"b|c"` is an alert or an objective that exists, and no two rules inhibit each other.
  const slos = alerts.map(({ labels }) => labels.slo);
  const named = (label: string) =>
    inhibit_rules
      .flatMap(({ source_matchers, target_matchers: targets }: Record<string, string[]>) => [
        ...(source_matchers ?? []),
        ...(targets ?? []),
      ])
      .flatMap((matcher: string) => new RegExp(`^${label}=~?"(.*)"$`).exec(matcher)?.[1]?.split('|') ?? []);
  expect(names).toEqual(expect.arrayContaining(named('alertname')));
  expect(slos).toEqual(expect.arrayContaining(named('slo')));
  // A label that both sides lack counts as equal, so every alert needs the labels of `equal`. Identity labels come from series.
  for (const { equal } of inhibit_rules) {
    expect(equal).toEqual(expect.arrayContaining([...deployment.identity]));
    const own = equal.filter((label: string) => !deployment.identity.includes(label));
    for (const { alert, labels } of alerts) expect(Object.keys(labels), alert).toEqual(expect.arrayContaining(own));
  }
});

test.skipIf(noAmtool)(
  'with two alerts in a group, the pager shows a sentence and the dashboard of its time and deployment',
  () => {
    const dir = folder();
    const { receivers } = parse(configOf(all).text);
    const [pager] = receivers.find(({ name }: { name: string }) => name === 'page').pagerduty_configs;
    const alert = (instance: string, summary: string) => ({
      status: 'firing',
      labels: {
        alertname: 'RagInstanceFailing',
        severity: 'warning',
        service: 'rag-chat',
        env: 'production',
        instance,
      },
      annotations: { summary, dashboard_url: 'https://grafana.example/d/rag-requests', action: 'Restart it' },
      startsAt: '2026-03-01T12:00:00Z',
    });
    const common = { alertname: 'RagInstanceFailing', severity: 'warning', service: 'rag-chat', env: 'production' };
    const data = { status: 'firing', alerts: [alert('a', 'a fails.'), alert('b', 'b fails.')], commonLabels: common };
    writeFileSync(join(dir, 'none.tmpl'), '');
    writeFileSync(join(dir, 'data.json'), JSON.stringify({ ...data, commonAnnotations: {}, groupLabels: common }));
    const rendered = (text: string) =>
      spawnSync(
        'amtool',
        [
          'template',
          'render',
          `--template.glob=${join(dir, 'none.tmpl')}`,
          `--template.data=${join(dir, 'data.json')}`,
          `--template.text=${text}`,
        ],
        { encoding: 'utf8' },
      ).stdout;
    expect(rendered(pager.description)).toContain('[FIRING 2] RagInstanceFailing');
    expect(rendered(pager.description)).toContain('a fails. (and 1 more)');
    expect(rendered(pager.details.alerts)).not.toContain('runbook');
    expect(rendered(pager.links[1].href)).toContain(
      `?from=${Date.UTC(2026, 2, 1, 11)}&to=now&var-service=rag-chat&var-instance=a&var-env=production`,
    );
    expect(rendered(pager.details.alerts)).toMatch(/a fails\.\nSince 2026-03-01 12:00 UTC.*b fails\./s);
  },
);

test('without links in slo.yaml, PagerDuty receives none', () => {
  const { text } = alertmanagerConfig(readChannels(only('PAGERDUTY')), '/etc/alertmanager', {
    links: { runbooks: '', grafana: '' },
  });
  expect(parse(text).receivers[0].pagerduty_configs[0].links).toEqual([]);
});

test('a single configured kind of channel receives everything, and no channel means no notification', () => {
  expect(configOf(all)).toMatchObject({
    page: ['pagerduty', 'email', 'webhook'],
    chat: ['slack', 'webhook'],
    heartbeat: ['webhook'],
  });
  expect(configOf(only('SLACK'))).toMatchObject({ page: ['slack'], chat: ['slack'], heartbeat: [] });
  expect(configOf(only('PAGERDUTY'))).toMatchObject({ page: ['pagerduty'], chat: ['pagerduty'] });
  expect(configOf({})).toMatchObject({ page: [], chat: [], heartbeat: [] });
});

test('the configuration contains no secret that Alertmanager reads from a file', () => {
  const { text, secrets } = configOf(all);
  const hidden = [all.ALERT_PAGERDUTY_KEY, all.ALERT_SMTP_PASSWORD, all.ALERT_SLACK_URL];
  expect(secrets.map((secret) => secret.text)).toEqual(hidden);
  for (const { name, text: secret } of secrets) {
    expect(text).not.toContain(secret);
    expect(text).toContain(`/etc/alertmanager/${name}`);
  }
});

test('a half-configured channel is rejected with the variable name and without its value', () => {
  const refusal = (env: Record<string, string>) => {
    try {
      readChannels(env);
    } catch (error) {
      if (error instanceof ChannelError) return error.message;
    }
    return 'accepted';
  };
  expect(refusal({ ALERT_SLACK_URL: 'xoxb-7' })).toBe('ALERT_SLACK_URL: must be an http or https URL');
  expect(refusal(only('EMAIL'))).toBe('ALERT_SMTP_HOST: required to send mail, as host:port');
  expect(refusal({ ...only('EMAIL', 'SMTP'), ALERT_SMTP_USER: ' ' })).toMatch(/set both or neither$/);
  expect(refusal({ ALERT_PAGERDUTY_KEY: '', ALERT_EMAIL_TO: '' })).toBe('accepted');
});

test('the program overwrites its files, makes them readable by the owner only and warns when no channel is configured', () => {
  const dir = folder();
  const program = fileURLToPath(new URL('../write-alertmanager.ts', import.meta.url));
  const write = (env: Record<string, string>) =>
    spawnSync(process.execPath, [program, dir], { env: { ...env }, encoding: 'utf8' });
  expect(write({})).toMatchObject({ status: 0, stdout: expect.stringContaining('NO NOTIFICATIONS') });
  expect(write(only('SLACK'))).toMatchObject({ status: 0, stdout: 'Alerts go to slackUrl.\n' });
  expect(readFileSync(join(dir, 'slack-url'), 'utf8')).toBe(all.ALERT_SLACK_URL);
  for (const name of ['slack-url', 'alertmanager.yml']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o400);
  const refused = write({ ALERT_SLACK_URL: 'secret' });
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('ALERT_SLACK_URL') });
  expect(refused.stderr).not.toContain('secret');
});
