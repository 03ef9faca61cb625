/** PROGRAM `npm run gameday:model`: a model server that incidents control, for a stack of another environment. */
import { parseArgs } from 'node:util';
import { loadConfig } from '../services/config.ts';
import { printError } from '../services/runtime/console.ts';
import { lockDataDir } from '../services/runtime/data-dir.ts';
import { listenForStop } from '../services/runtime/shutdown-signal.ts';
import { startControlServer } from './control/control-server.ts';
import { createFaultRunner } from './control/fault-runner.ts';
import { unsupportedIncidents } from './control/unsupported-incidents.ts';
import { serveModel } from './model/serve-model.ts';
import { gamedayFolder, writeControlFile } from './stack/control-file.ts';

const code = await main().catch((error: unknown) => {
  printError(error);
  return 1;
});
// The channel to a program that started this one would keep it alive.
process.exit(code);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '11500' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a number from 0 to 65535');
  const folder = gamedayFolder(loadConfig(process.env).dataDir);
  const lock = await lockDataDir(folder, 'a model server for game days');
  const stop = listenForStop();
  const model = await serveModel({ host: values.host, port });
  const missing = () =>
    'it needs control of processes and the database, which only a stack of `npm run gameday` provides';
  const faultRunner = createFaultRunner({ model, actions: {}, missing, now: Date.now });
  const control = await startControlServer({
    faultRunner,
    receivedAlerts: () => [],
    runbook: () => null,
    status: () => ({
      stack: null,
      unsupported: unsupportedIncidents(faultRunner),
      modelRequests: model.requests(),
      running: faultRunner.running(),
    }),
  });
  const removeControlFile = writeControlFile(folder, control);
  console.log(`LLM_BASE_URL=${model.baseUrl} LLM_MODEL=gpt-4o-mini (any name that has a price). Press Ctrl-C to stop.`);
  process.send?.('ready');
  try {
    return await stop.requested;
  } finally {
    removeControlFile();
    await control.close();
    await model.close();
    lock.leave();
  }
}
