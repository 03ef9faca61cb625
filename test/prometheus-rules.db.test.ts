/** The rules and the stack's configuration on a real Prometheus server of the installed version. */
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileArtifacts } from '../alerts/compile-artifacts.ts';
import { isAlert, type RuleGroup } from '../alerts/rule.ts';
import { noPrometheus, runPrometheus } from './kit/servers/prometheus-server.ts';

if (noPrometheus !== null) console.warn(`Rules are not tested on a Prometheus server: ${noPrometheus}`);

/** One hour in ten seconds. */
const scale = 1 / 360;
const groups = compileArtifacts({ scale })
  .filter(({ path }) => path.endsWith('-rules.yml'))
  .flatMap(({ text }) => (parse(text) as { groups: RuleGroup[] }).groups);

/** A chat server whose every tenth answer takes four seconds. Counters grow at each scrape. */
function slowService() {
  let scrapes = 0;
  return createServer((_, response) => {
    scrapes += 1;
    const all = scrapes * 100;
    const within = Object.entries({ 1.5: 50, 3: 90, 3.5: 90, 5: 100, '+Inf': 100 })
      .map(([le, share]) => `rag_answer_duration_seconds_bucket{le="${le}"} ${(all * share) / 100}`)
      .join('\n');
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(
      `# TYPE rag_answer_duration_seconds histogram\n${within}\nrag_answer_duration_seconds_sum ${all}\nrag_answer_duration_seconds_count ${all}\n`,
    );
  });
}

test.skipIf(noPrometheus)(
  'every rule is evaluated, and answers beyond a bound are counted with either spelling of the bucket label',
  { timeout: 120_000 },
  async () => {
    const service = slowService().listen(0, '127.0.0.1');
    await once(service, 'listening');
    const target = `127.0.0.1:${(service.address() as AddressInfo).port}`;
    const prometheus = await runPrometheus({ targets: [target], groups });
    const share = 'slo:bad_events:ratio1h{slo="latency_p95",beyond="3"}';
    try {
      await expect.poll(() => prometheus.value(share), { timeout: 60_000 }).toBe(0.1);
      await expect
        .poll(() => prometheus.value('ALERTS{alertname="RagLatencyP95",severity="warning",alertstate="firing"}'), {
          timeout: 60_000,
        })
        .toBe(1);
      const rules = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
        data: { groups: { name: string; rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      const loaded = rules.data.groups.flatMap((group) => group.rules);
      expect(loaded.map(({ name }) => name).sort()).toEqual(
        groups.flatMap((group) => group.rules.map((rule) => (isAlert(rule) ? rule.alert : rule.record))).sort(),
      );
      expect(loaded.filter(({ lastError }) => lastError)).toEqual([]);
    } finally {
      await prometheus.stop();
      service.closeAllConnections();
      service.close();
    }
  },
);

test.skipIf(noPrometheus)('Prometheus starts with the configuration of the stack', async () => {
  // The stack's other services do not run, so only their names fail to resolve.
  const prometheus = await runPrometheus({ config: 'alerts/prometheus.yml' });
  try {
    const { data } = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: unknown[] }[] };
    };
    const written = globSync('alerts/generated/*-rules.yml').flatMap(
      (file) => (parse(readFileSync(file, 'utf8')) as { groups: RuleGroup[] }).groups,
    );
    expect(data.groups.flatMap(({ rules }) => rules)).toHaveLength(written.flatMap(({ rules }) => rules).length);
  } finally {
    await prometheus.stop();
  }
});
