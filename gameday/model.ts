/** PROGRAM `npm run gameday:model`: a model server that game days steer, for a stack that something else started. */
import { parseArgs } from 'node:util';
import { loadConfig } from '../services/config.ts';
import { printError } from '../services/runtime/console.ts';
import { lockDataDir } from '../services/runtime/data-dir.ts';
import { listenForStop } from '../services/runtime/shutdown-signal.ts';
import { serveControl } from './control/serve-control.ts';
import { createStage } from './control/stage.ts';
import { whyNotPlayed } from './control/why-not-played.ts';
import { serveModel } from './model/serve-model.ts';
import { gamedayFolder, rememberControl } from './stack/remember-stack.ts';

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
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a port');
  const folder = gamedayFolder(loadConfig(process.env).dataDir);
  const lock = await lockDataDir(folder, 'a model server for game days');
  const stop = listenForStop();
  const model = await serveModel({ host: values.host, port });
  const missing = () =>
    'it needs power over processes and the database, which only a stack has that `npm run gameday` started';
  const stage = createStage({ model, levers: {}, missing, now: Date.now });
  const control = await serveControl({
    stage,
    told: () => [],
    runbook: () => null,
    describe: () => ({ stack: null, cannot: whyNotPlayed(stage), modelAsked: model.asked(), playing: stage.playing() }),
  });
  const forget = rememberControl(folder, control);
  console.log(`LLM_BASE_URL=${model.baseUrl} LLM_MODEL=gpt-4o-mini (any name that has a price). Ctrl-C ends it.`);
  process.send?.('ready');
  try {
    return await stop.requested;
  } finally {
    forget();
    await control.close();
    await model.close();
    lock.leave();
  }
}
