/** PROGRAM `npm run -s cli -- …`: the operator's commands. */
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { describeEraseUser, type EraseFlags, runEraseUser } from './commands/erase-user.ts';
import { describeExportUser, runExportUser } from './commands/export-user.ts';
import { describeIngest, type IngestFlags, runIngest } from './commands/ingest.ts';
import { describeListErasures, type ListErasuresFlags, runListErasures } from './commands/list-erasures.ts';
import { describeMigrate, type MigrateFlags, runMigrate } from './commands/migrate.ts';
import { describeReplayErasures, runReplayErasures } from './commands/replay-erasures.ts';
import { describeRetention, type RetentionFlags, runRetention } from './commands/retention.ts';
import { describeRollup, type RollupFlags, runRollup } from './commands/rollup.ts';
import { makeToken } from './commands/token.ts';
import { describeVerify, runVerify } from './commands/verify.ts';
import { describeVerifyContent, runVerifyContent, type VerifyContentFlags } from './commands/verify-content.ts';
import { describeVerifyReceipts, runVerifyReceipts, type VerifyReceiptsFlags } from './commands/verify-receipts.ts';
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
  withDatabase((pool, signal) => {
    const { commercialUse } = config;
    return runIngest(paths, flags, { store: createStoreContent(pool), commercialUse, terminal, clock, signal });
  }),
);

describeMigrate(program.command('migrate')).action((flags: MigrateFlags) =>
  withServer((url) => runMigrate(url, flags, { write: terminal.write, say: tell })),
);

describeRollup(program.command('rollup')).action((flags: RollupFlags) =>
  withDatabase((pool, signal) => runRollup(flags, { pool, terminal, now: () => new Date(), signal })),
);

describeRetention(program.command('retention')).action((flags: RetentionFlags) =>
  withDatabase((pool, signal) =>
    runRetention(flags, {
      pool,
      terminal,
      clock,
      signal,
      now: () => new Date(),
      dialogueDays: config.dialogueRetentionDays,
    }),
  ),
);

describeVerifyContent(program.command('verify-content')).action((flags: VerifyContentFlags) =>
  withDatabase((pool, signal) => runVerifyContent(flags, { pool, terminal, clock, signal, now: () => new Date() })),
);

describeExportUser(program.command('export-user')).action((user: string) =>
  withDatabase((pool, signal) => runExportUser(user, { pool, output: process.stdout, signal })),
);

describeEraseUser(program.command('erase-user')).action((user: string, flags: EraseFlags) =>
  withDatabase((pool, signal) => {
    const ask = process.stdin.isTTY ? (question: string) => askPerson(question, signal) : null;
    return runEraseUser(user, flags, { pool, now: () => new Date(), write: terminal.write, ask });
  }),
);

describeVerifyReceipts(program.command('verify-receipts')).action((flags: VerifyReceiptsFlags) =>
  withDatabase((pool) => runVerifyReceipts(flags, { pool, write: terminal.write })),
);

describeListErasures(program.command('list-erasures')).action((flags: ListErasuresFlags) =>
  withDatabase((pool, signal) => runListErasures(flags, { pool, output: process.stdout, signal })),
);

describeReplayErasures(program.command('replay-erasures')).action((file: string | undefined) =>
  withDatabase((pool, signal) => {
    const { stdin: input } = process;
    return runReplayErasures(file, { pool, input, now: () => new Date(), clock, write: terminal.write, tell, signal });
  }),
);

describeVerify(program.command('verify')).action(() => withServer((url) => runVerify(url, { write: terminal.write })));

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

/** Work on the migrated database; the signal tells it to finish early. */
function withDatabase(work: (pool: Pool, signal: AbortSignal) => Promise<number>): Promise<void> {
  return withServer(async (url, signal) => {
    await migrate(url, { say: tell });
    const pool = connect(url, { name: 'rag-cli' });
    try {
      return await work(pool, signal);
    } finally {
      await pool.end();
    }
  });
}

/**
 * The exit code is what `work` gives back, or the signal's that told it to finish early. An embedded server that was not
 * running is stopped again.
 */
async function withServer(work: (url: string, signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = listenForStop();
  const stopping = new AbortController();
  stop.asked.then(() => stopping.abort());
  stop.hurried.then(() => process.exit(1));
  const database = await acquireDatabase(config, tell);
  try {
    const code = await work(database.url, stopping.signal);
    process.exitCode = stop.isAsked() ? await stop.asked : code;
  } finally {
    await database.release();
  }
}

/** Asks on standard error, because standard output is the command's result. */
async function askPerson(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
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
