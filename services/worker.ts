/** PROGRAM: the worker. Rolls days up, judges answers, serves its metrics; needs DATABASE_URL. */
import { programRoles } from './postgres/connect.ts';
import { requireRoles } from './postgres/require-roles.ts';
import { runProgram } from './run-program.ts';
import { startWorker } from './worker-service.ts';

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
