/** PROGRAM: the worker. Rolls days up, judges answers, serves its metrics; needs DATABASE_URL. */
import { programRoles } from './postgres/client/connect.ts';
import { requireRoles } from './postgres/client/startup-checks.ts';
import { runProgram } from './runtime/run-program.ts';
import { startWorker } from './wiring/worker-service.ts';

await runProgram('worker', async (config, databaseUrl, log) => {
  await requireRoles(databaseUrl, programRoles.worker);
  const worker = await startWorker(config, databaseUrl, log);
  log.info({ host: config.metricsHost, port: worker.metricsPort }, 'the worker runs; its metrics are at /metrics');
  return {
    drain: async () => {
      log.info({}, 'finishing what is under way');
      await worker.close();
    },
  };
});
