/** Deployments with a Prometheus of their own, and a central one that evaluates the rules. */
import { afterEach, expect, test } from 'vitest';
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { deploymentLinks } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { type CountingTarget, startCountingTarget } from '../test/kit/servers/counting-target.ts';
import { noPrometheus, type PrometheusServer, runPrometheus } from '../test/kit/servers/prometheus-server.ts';
import { jobObjectives, objectives } from '../test/kit/slo/specification.ts';
import { objectiveGroups } from './rules.ts';

const slo = compileObjectives(
  { ...objectives, ...jobObjectives },
  // One hour of the rules lasts a minute.
  { boundsOf: boundsOf(indicators), scale: 1 / 60 },
);
const groups = objectiveGroups(slo, indicators, deploymentLinks).filter(({ name }) =>
  name.startsWith('slo_error_rate'),
);
const answers = (outcome: string) =>
  `rag_answers_total{service="rag-chat",outcome="${outcome}",cited="true",model="m"}`;

const running: (CountingTarget | PrometheusServer)[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

test.skipIf(noPrometheus)(
  'a central Prometheus that federates from two others pages for the one that fails',
  async () => {
    const servers = [await deployment('production', {}), await deployment('staging', {})];
    const central = await start({
      add: {
        scrape_configs: [
          {
            job_name: 'federate',
            honor_labels: true,
            metrics_path: '/federate',
            params: { 'match[]': ['{job="rag-chat"}'] },
            static_configs: [{ targets: servers.map(({ url }) => new URL(url).host) }],
          },
        ],
      },
    });
    await expectPageForStagingOnly(central);
  },
);

test.skipIf(noPrometheus)('a central Prometheus to which two others write pages for the one that fails', async () => {
  const central = await start({ flags: ['--web.enable-remote-write-receiver'] });
  const write = {
    remote_write: [{ url: `${central.url}/api/v1/write`, queue_config: { batch_send_deadline: '200ms' } }],
  };
  await deployment('production', write);
  await deployment('staging', write);
  await expectPageForStagingOnly(central);
});

/** Half of the questions of staging fail. */
async function deployment(env: string, sections: { remote_write?: readonly object[] }): Promise<PrometheusServer> {
  const failed = env === 'staging' ? 50 : 0;
  const target = await startCountingTarget({ [answers('answered')]: 100, [answers('failed')]: failed });
  running.push(target);
  const server = await runPrometheus({
    targets: [target.address],
    add: { global: { external_labels: { env } }, ...sections },
  });
  running.push(server);
  return server;
}

async function start(options: Parameters<typeof runPrometheus>[0]): Promise<PrometheusServer> {
  const server = await runPrometheus({ groups, ...options });
  running.push(server);
  return server;
}

async function expectPageForStagingOnly(central: PrometheusServer): Promise<void> {
  const firing = (env: string) =>
    `ALERTS{alertname="RagErrorRate",alertstate="firing",severity="critical",env="${env}"}`;
  await expect.poll(() => central.value(firing('staging')), { timeout: 90_000 }).toBe(1);
  expect(await central.value('slo:value:5m{slo="error_rate",service="rag-chat",env="production"}')).toBe(0);
  expect(await central.value(firing('production'))).toBeUndefined();
}
