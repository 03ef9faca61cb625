/** PROGRAM `npm start`: the database if none is given, its tables, the sample materials, the chat server and the worker. */
import { fileURLToPath } from 'node:url';
import { type Config, loadConfig } from './config.ts';
import type { DatabaseHome } from './embedded-postgres/acquire-database.ts';
import { sampleLearnerId, signDevelopmentToken } from './http/auth/development-token.ts';
import { tellPerson } from './runtime/console.ts';
import { developmentSecret } from './runtime/development-secret.ts';
import { listenForStop } from './runtime/shutdown-signal.ts';
import { timeLimits } from './runtime/timeouts.ts';
import { takeInSamples } from './wiring/ingest-samples.ts';
import { runService } from './wiring/supervisor.ts';

const samples = here('../samples');
const say = (line: string) => console.log(line);

process.exitCode = await main().catch((error: unknown) => {
  tellPerson(error);
  return 1;
});

async function main(): Promise<number> {
  const config = loadConfig(process.env);
  const address = `http://${reachable(config.host)}:${config.port}`;
  return runService({
    config,
    env: process.env,
    programs: [
      {
        name: 'chat server',
        login: 'chat',
        nodeArguments: ['--import', here('telemetry/tracing/start-sdk.ts'), here('chat-server.ts')],
      },
      { name: 'worker', login: 'worker', nodeArguments: [here('worker.ts')] },
    ],
    address,
    prepare: (database) => takeInSamples(database, samples, say),
    greeting: (database) => greeting(config, address, database),
    stop: listenForStop(config.underNpm),
    say,
    drainMs: timeLimits(config).drainMs,
  });
}

async function greeting(config: Config, address: string, { url, embedded }: DatabaseHome): Promise<string> {
  const question = JSON.stringify({ query: '生成された回答の著作権は誰のものですか？' });
  return [
    '',
    `  Ask and see   ${address}/   and   ${address}/dashboard/metrics`,
    `  Metrics       http://${reachable(config.metricsHost)}:${config.metricsPort}/metrics`,
    // The password of a database that listens on this machine only; anybody's own stays untold.
    ...(embedded ? [`  Rows          psql ${url}`] : []),
    '  Or paste      ' +
      `curl -sS ${address}/api/ai/chat -H 'Authorization: Bearer ${await token(config)}' ` +
      `-H 'Content-Type: application/json' -d '${question}'`,
    '',
  ].join('\n');
}

async function token(config: Config): Promise<string> {
  if (config.auth.jwksUrl !== undefined) return '<a token of your LMS>';
  const { issuer, audience } = config.auth;
  const secret = developmentSecret(config.dataDir);
  return signDevelopmentToken({ secret, issuer, audience, user: { id: sampleLearnerId }, now: new Date() });
}

/** An address that listens on every interface is reached by the name of this machine. */
function reachable(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
