/** PROGRAM: the worker. Runs the scheduled jobs and serves their metrics; DATABASE_URL is required. */
import { programRoles } from './postgres/client/connect.ts';
import { requireRoles } from './postgres/client/startup-checks.ts';
import { runProgram } from './runtime/run-program.ts';
import { startWorker } from './wiring/worker-service.ts';

await runProgram('worker', async (config, databaseUrl, log) => {
  await requireRoles(databaseUrl, programRoles.worker);
  const worker = await startWorker(config, databaseUrl, log);
  log.info({ host: config.metricsHost, port: worker.metricsPort }, 'worker started; metrics are served at /metrics');
  return {
    drain: async () => {
      log.info({}, 'draining');
      await worker.close();
    },
  };
});
