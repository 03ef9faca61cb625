/**
 * PROGRAM `npm start`: starts an embedded database unless DATABASE_URL is set, migrates it, ingests the samples, runs
 * chat server and worker.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Config, loadConfig } from './config.ts';
import type { DatabaseHome } from './embedded-postgres/acquire-database.ts';
import { sampleLearnerId, signDevelopmentToken } from './http/auth/development-token.ts';
import { printError } from './runtime/console.ts';
import { developmentSecret } from './runtime/development-secret.ts';
import { reachableUrl } from './runtime/reachable-url.ts';
import { listenForStop } from './runtime/shutdown-signal.ts';
import { timeLimits } from './runtime/timeouts.ts';
import { checkLine } from './wiring/checks/run-checks.ts';
import { ingestSamples } from './wiring/ingest-samples.ts';
import { runService } from './wiring/supervisor.ts';

const samples = here('../samples');
const print = (line: string) => console.log(line);
/** Longer than one check may take. */
const checksMs = 15_000;
const failedCheck = z.object({ name: z.string(), state: z.literal('failed'), detail: z.string(), fix: z.string() });
const otherCheck = z.object({ name: z.string(), state: z.enum(['ok', 'off']), detail: z.string() });
const checkedReply = z.object({ checks: z.array(z.union([failedCheck, otherCheck])) });

process.exitCode = await main().catch((error: unknown) => {
  printError(error);
  return 1;
});

async function main(): Promise<number> {
  const config = loadConfig(process.env);
  const address = reachableUrl(config.host, config.port);
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
    prepare: (database) => ingestSamples(database, samples, print),
    greeting: (database) => greeting(config, address, database),
    stop: listenForStop(config.underNpm),
    print,
    drainMs: timeLimits(config).drainMs,
  });
}

async function greeting(config: Config, address: string, { url, embedded }: DatabaseHome): Promise<string> {
  const question = JSON.stringify({ query: '生成された回答の著作権は誰のものですか？' });
  return [
    '',
    `  Ask           ${address}/`,
    `  SLO status    ${address}/dashboard/metrics`,
    `  Metrics       ${reachableUrl(config.metricsHost, config.metricsPort)}/metrics`,
    // Only the embedded database's password is printed: it listens on this machine only. A journal keeps nothing secret.
    ...(embedded && !config.isJournaled ? [`  Database      psql ${url}`] : []),
    '  Try the API   ' +
      `curl -sS ${address}/api/ai/chat -H 'Authorization: Bearer ${await token(config)}' ` +
      `-H 'Content-Type: application/json' -d '${question}'`,
    '',
    ...(await checkLines(address)),
    '',
  ].join('\n');
}

/** The chat server has begun its checks at start; this waits for them. */
async function checkLines(address: string): Promise<readonly string[]> {
  try {
    const response = await fetch(`${address}/readyz?verbose`, { signal: AbortSignal.timeout(checksMs) });
    const { checks } = checkedReply.parse(await response.json());
    return checks.map((checked) => `  ${checkLine(checked)}`);
  } catch {
    return ['  The checks of model, embeddings and identity provider did not finish: run `npm run -s cli -- check`.'];
  }
}

async function token(config: Config): Promise<string> {
  if (config.auth.jwksUrl !== undefined) return '<a token from your LMS>';
  if (config.isJournaled) return '<a token, printed by npm run -s cli -- token>';
  const { issuer, audience } = config.auth;
  const secret = developmentSecret(config.dataDir);
  return signDevelopmentToken({ secret, issuer, audience, user: { id: sampleLearnerId }, now: new Date() });
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
