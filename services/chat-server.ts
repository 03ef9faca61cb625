/** PROGRAM: the chat server. Started with `--import ./services/telemetry/start-sdk.ts`; needs DATABASE_URL. */
import { createChatService } from './chat-service.ts';
import { orListenError } from './listen-refusal.ts';
import { programRoles } from './postgres/connect.ts';
import { isEmbeddedUrl } from './postgres/embedded-state.ts';
import { requireRoles } from './postgres/require-roles.ts';
import { runProgram } from './run-program.ts';
import { shutdownTelemetry } from './telemetry/shutdown-telemetry.ts';
import { timeLimits } from './time-limits.ts';

await runProgram('chat server', async (config, databaseUrl, log) => {
  await requireRoles(databaseUrl, programRoles.chat);
  const embedded = isEmbeddedUrl(config.dataDir, databaseUrl);
  const service = createChatService({ config, databaseUrl, embedded, log });
  const { host } = config;
  const address = { host, port: config.port, hostVariable: 'HOST', portVariable: 'PORT' };
  const port = await orListenError(address, service.server.listen(config.port, host));
  log.info({ host, port }, 'the chat server answers');
  return {
    drain: async () => {
      log.info({}, 'draining');
      const { answersMs, telemetryMs } = timeLimits(config);
      await service.close(answersMs);
      await shutdownTelemetry(telemetryMs);
    },
  };
});
