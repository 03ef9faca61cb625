/** PROGRAM `npm run -s cli -- …`: the operator's commands. */
import { Command } from 'commander';
import { describeIngest, type IngestFlags, runIngest } from './commands/ingest.ts';
import { describeRollup, type RollupFlags, runRollup } from './commands/rollup.ts';
import { makeToken } from './commands/token.ts';
import { loadConfig } from './config.ts';
import { connect, type Pool } from './postgres/connect.ts';
import { acquireDatabase } from './postgres/database-home.ts';
import { migrate } from './postgres/migrate.ts';
import { createStoreContent } from './postgres/store-content.ts';
import { listenForStop } from './stop-request.ts';
import { tellPerson } from './tell-person.ts';

const config = loadConfigOrStop();
const clock = () => performance.now();
const tell = (line: string) => process.stderr.write(`${line}\n`);
const terminal = {
  write: (text: string) => void process.stdout.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
};

const program = new Command('npm run -s cli --')
  .description("rag-observatory's commands; the database is DATABASE_URL's, else the embedded one in DATA_DIR")
  .showHelpAfterError('(add --help to see what the command takes)');

describeIngest(program.command('ingest')).action((paths: string[], flags: IngestFlags) =>
  withDatabase((pool, signal) => runIngest(paths, flags, { store: createStoreContent(pool), terminal, clock, signal })),
);

describeRollup(program.command('rollup')).action((flags: RollupFlags) =>
  withDatabase((pool, signal) => runRollup(flags, { pool, terminal, now: () => new Date(), signal })),
);

program
  .command('token')
  .description('print a token for trying the service, and nothing else')
  .option('--user <email or uuid>', 'whose token; the sample learner if not told')
  .option('--role <role>', 'for example admin')
  .action(async (options: { user?: string; role?: string }) => {
    console.log(await makeToken(options, config, new Date()));
  });

try {
  await program.parseAsync();
} catch (error) {
  tellPerson(error);
  process.exitCode = 1;
}

/**
 * The exit code is what `work` gives back, or the signal's that told it to finish early. An embedded server that was not
 * running is stopped again.
 */
async function withDatabase(work: (pool: Pool, signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = listenForStop();
  const stopping = new AbortController();
  stop.asked.then(() => stopping.abort());
  stop.hurried.then(() => process.exit(1));
  const database = await acquireDatabase(config, tell);
  try {
    await migrate(database.url);
    const pool = connect(database.url, { name: 'rag-cli' });
    try {
      const code = await work(pool, stopping.signal);
      process.exitCode = stop.isAsked() ? await stop.asked : code;
    } finally {
      await pool.end();
    }
  } finally {
    await database.release();
  }
}

function loadConfigOrStop() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    tellPerson(error);
    process.exit(1);
  }
}
