/** From a condition that holds to the page: at most 90 s at the shipped settings, plus the alert's own `for`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseDuration } from '../services/slo/duration.ts';
import { alertmanagerConfig } from './alertmanager/config.ts';
import { compileArtifacts } from './compile-artifacts.ts';
import { isAlert, type RuleGroup } from './rule.ts';

const promisedSeconds = 90;

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
  '$alert.alert ($alert.labels.severity) is told within 90 s of its condition, plus its `for`',
  ({ group, alert }) => {
    const { scrape_interval, scrape_timeout } = prometheus.global;
    const evaluation = parseDuration(group.interval);
    const hold = lengthOf(alert.for);
    const worst =
      // The condition begins right after a scrape, and the next one hangs until it is given up,
      parseDuration(scrape_interval) +
      parseDuration(scrape_timeout) +
      // right after an evaluation,
      evaluation +
      // and `for` ends at an evaluation, not between two.
      (Math.ceil(hold / evaluation) * evaluation - hold) +
      groupWait(alert.labels.severity);
    expect(worst).toBeLessThanOrEqual(promisedSeconds);
  },
);

test('no job is scraped at a pace of its own, which the reckoning would not know of', () => {
  for (const job of prometheus.scrape_configs) {
    expect([job.job_name, job.scrape_interval, job.scrape_timeout]).toEqual([job.job_name, undefined, undefined]);
  }
});

test('what an alert reads of recorded series was recorded just before it, in the same evaluation', () => {
  for (const { group, alert } of alerts) {
    const before = group.rules
      .slice(0, group.rules.indexOf(alert))
      .flatMap((rule) => ('record' in rule ? [rule.record] : []));
    const read = alert.expr.match(/slo:[a-z_]+:\w+/g) ?? [];
    expect(before, alert.alert).toEqual(expect.arrayContaining(read));
  }
});
