/**
 * PROGRAM: the chat server. Start it with `--import ./services/telemetry/tracing/start-sdk.ts`; DATABASE_URL is
 * required.
 */

import { isEmbeddedUrl } from './embedded-postgres/state.ts';
import { programRoles } from './postgres/client/connect.ts';
import { requireRoles } from './postgres/client/startup-checks.ts';
import { orListenError } from './runtime/listen-error.ts';
import { runProgram } from './runtime/run-program.ts';
import { timeLimits } from './runtime/timeouts.ts';
import { shutdownTelemetry } from './telemetry/tracing/shutdown-telemetry.ts';
import { createChatService } from './wiring/chat-service.ts';

await runProgram('chat server', async (config, databaseUrl, log) => {
  await requireRoles(databaseUrl, programRoles.chat);
  const embedded = isEmbeddedUrl(config.dataDir, databaseUrl);
  const service = createChatService({ config, databaseUrl, embedded, log });
  const { host } = config;
  const address = { host, port: config.port, hostVariable: 'HOST', portVariable: 'PORT' };
  const port = await orListenError(address, service.server.listen(config.port, host));
  log.info({ host, port }, 'chat server listening');
  void service.logFailedChecks();
  return {
    drain: async () => {
      log.info({}, 'draining');
      const { answersMs, telemetryMs } = timeLimits(config);
      await service.close(answersMs);
      await shutdownTelemetry(telemetryMs);
    },
  };
});
