/** PROGRAM: the chat server. Started with `--import ./services/telemetry/start-sdk.ts`; needs DATABASE_URL. */
import { createChatService } from './chat-service.ts';
import { ConfigError, loadConfig } from './config.ts';
import { endOnBug } from './end-on-bug.ts';
import { orListenError } from './listen-refusal.ts';
import { createLog } from './log.ts';
import { isEmbeddedUrl } from './postgres/embedded-state.ts';
import { listenForStop } from './stop-request.ts';
import { shutdownTelemetry } from './telemetry/shutdown-telemetry.ts';
import { tellPerson } from './tell-person.ts';

/** Those who are being answered may wait for the recorder's deadline, and the answer needs a moment too. */
const answerMs = 5_000;
const telemetryMs = 3_000;

const stop = listenForStop();
try {
  await main();
} catch (error) {
  tellPerson(error);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const { databaseUrl } = config;
  if (databaseUrl === undefined) {
    throw new ConfigError(
      'DATABASE_URL: is needed to run the chat server by itself; `npm start` brings a database along',
    );
  }
  const log = createLog('chat-server', config.logLevel);
  endOnBug(log);
  const embedded = isEmbeddedUrl(config.dataDir, databaseUrl);
  const service = createChatService({ config, databaseUrl, embedded, log });
  const { host } = config;
  const address = { host, port: config.port, hostVariable: 'HOST', portVariable: 'PORT' };
  const port = await orListenError(address, service.server.listen(config.port, host));
  log.info({ host, port }, 'the chat server answers');
  process.send?.('ready');
  const code = await stop.asked;
  stop.hurried.then(() => process.exit(code));
  log.info({}, 'draining');
  await service.close(config.recordDeadlineMs + answerMs);
  await shutdownTelemetry(telemetryMs);
  process.exit(code);
}
