/** With the shipped settings, notifications are sent at most 90 s plus `for` after an alert's condition starts to hold. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertPolicy } from '../services/slo/alert-policy.ts';
import { parseDuration } from '../services/slo/duration.ts';
import { alertmanagerConfig } from './alertmanager/config.ts';
import { compileArtifacts } from './compile-artifacts.ts';
import { isAlert, type RuleGroup } from './rule.ts';

const maxSeconds = 90;

const prometheus = parse(readFileSync('alerts/prometheus.yml', 'utf8')) as {
  global: { scrape_interval: string; scrape_timeout: string };
  scrape_configs: readonly Record<string, unknown>[];
};
const { route } = parse(alertmanagerConfig({ chatWebhook: 'http://127.0.0.1/' }, '/etc/alertmanager').text) as {
  route: {
    routes: readonly { receiver: string; matchers: readonly string[]; group_wait?: string }[];
    group_wait: string;
  };
};
const groups = compileArtifacts()
  .filter(({ path }) => path.endsWith('-rules.yml'))
  .flatMap(({ text }) => (parse(text) as { groups: RuleGroup[] }).groups);
const alerts = groups.flatMap((group) => group.rules.filter(isAlert).map((alert) => ({ group, alert })));

function groupWait(severity: string): number {
  const own = route.routes.find(({ matchers }) => matchers.includes(`severity="${severity}"`));
  return parseDuration(own?.group_wait ?? route.group_wait);
}

/** `1d2h` */
function lengthOf(span: string): number {
  return (span.match(/\d+[a-z]+/g) ?? []).reduce((sum, part) => sum + parseDuration(part), 0);
}

test.each(alerts.filter(({ alert }) => alert.labels.severity !== 'none'))(
  '$alert.alert ($alert.labels.severity) notifies within 90 s plus its `for`',
  ({ group, alert }) => {
    const { scrape_interval, scrape_timeout } = prometheus.global;
    const evaluation = parseDuration(group.interval);
    const pending = lengthOf(alert.for);
    const worst =
      // The condition starts right after a scrape, the next scrape times out,
      parseDuration(scrape_interval) +
      parseDuration(scrape_timeout) +
      // an evaluation has just run,
      evaluation +
      // and `for` ends only at an evaluation.
      (Math.ceil(pending / evaluation) * evaluation - pending) +
      groupWait(alert.labels.severity);
    expect(worst).toBeLessThanOrEqual(maxSeconds);
  },
);

test('no job overrides the scrape interval on which the calculation relies', () => {
  for (const job of prometheus.scrape_configs) {
    expect([job.job_name, job.scrape_interval, job.scrape_timeout]).toEqual([job.job_name, undefined, undefined]);
  }
});

test('series of the fast windows are evaluated before the alerts that read them, in the same group', () => {
  const [{ long, short } = { long: '', short: '' }] = alertPolicy.pairs;
  const fast = new RegExp(`slo:[a-z_]+:(?:increase|ratio)?(?:${long}|${short})\\b`, 'g');
  for (const { group, alert } of alerts) {
    const before = group.rules
      .slice(0, group.rules.indexOf(alert))
      .flatMap((rule) => ('record' in rule ? [rule.record] : []));
    const read = alert.expr.match(fast) ?? [];
    expect(before, alert.alert).toEqual(expect.arrayContaining(read));
  }
});
