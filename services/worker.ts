/** PROGRAM: the worker. Rolls days up, judges answers, serves its metrics; needs DATABASE_URL. */
import { ConfigError, loadConfig } from './config.ts';
import { endOnBug } from './end-on-bug.ts';
import { createLog } from './log.ts';
import { listenForStop } from './stop-request.ts';
import { tellPerson } from './tell-person.ts';
import { startWorker } from './worker-service.ts';

const stop = listenForStop();
try {
  await main();
} catch (error) {
  tellPerson(error);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  if (config.databaseUrl === undefined) {
    throw new ConfigError('DATABASE_URL: is needed to run the worker by itself; `npm start` brings a database along');
  }
  const log = createLog('worker', config.logLevel);
  endOnBug(log);
  const worker = await startWorker(config, config.databaseUrl, log);
  log.info({ host: config.metricsHost, port: worker.metricsPort }, 'the worker runs; its metrics are at /metrics');
  process.send?.('ready');
  const code = await stop.asked;
  stop.hurried.then(() => process.exit(code));
  log.info({}, 'finishing what is under way');
  await worker.close();
  process.exit(code);
}
