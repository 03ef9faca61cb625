/** PROGRAM `npm run -s cli -- …`: the commands for operators. */
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { describeGameday, type GamedayFlags, runGameday } from '../gameday/command.ts';
import { describeDocuments } from './commands/documents.ts';
import { describeEraseUser, type EraseFlags, runEraseUser } from './commands/erase-user.ts';
import { describeExportUser, runExportUser } from './commands/export-user.ts';
import { describeIngest, type IngestFlags, runIngest } from './commands/ingest.ts';
import { createIngestStore } from './commands/ingest-store.ts';
import { describeListErasures, type ListErasuresFlags, runListErasures } from './commands/list-erasures.ts';
import { describeMigrate, type MigrateFlags, runMigrate } from './commands/migrate.ts';
import { describeReplayErasures, runReplayErasures } from './commands/replay-erasures.ts';
import { describeRetention, type RetentionFlags, runRetention } from './commands/retention.ts';
import { describeRollup, type RollupFlags, runRollup } from './commands/rollup.ts';
import { describeSources } from './commands/sources.ts';
import { makeToken } from './commands/token.ts';
import { describeVerify, runVerify } from './commands/verify.ts';
import { describeVerifyContent, runVerifyContent, type VerifyContentFlags } from './commands/verify-content.ts';
import { describeVerifyReceipts, runVerifyReceipts, type VerifyReceiptsFlags } from './commands/verify-receipts.ts';
import { loadConfig } from './config.ts';
import { acquireDatabase } from './embedded-postgres/acquire-database.ts';
import { connect, type Pool, type Role } from './postgres/client/connect.ts';
import { migrate } from './postgres/migrations/migrate.ts';
import { printError } from './runtime/console.ts';
import { listenForStop } from './runtime/shutdown-signal.ts';

const config = loadConfigOrStop();
const clock = () => performance.now();
const print = (line: string) => process.stderr.write(`${line}\n`);
const terminal = {
  write: (text: string) => void process.stdout.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
};

/** Secrets and the embedded database: no source may read them. */
const privateDirectories = [config.dataDir];

const program = new Command('npm run -s cli --')
  .description('Manages rag-observatory. Uses the database in DATABASE_URL, or else the embedded one in DATA_DIR.')
  .showHelpAfterError('(use --help for usage)')
  .commandsGroup('Content and questions:');

describeIngest(program.command('ingest')).action((paths: string[], flags: IngestFlags) => {
  const deps = { commercialUse: config.commercialUse, privateDirectories, terminal, clock, now: () => new Date() };
  if (flags.dryRun === true) return untilStopped((signal) => runIngest(paths, flags, { ...deps, store: null, signal }));
  return withDatabase(({ connectAs, signal }) =>
    runIngest(paths, flags, { ...deps, ...createIngestStore(connectAs('rag_worker')), signal }),
  );
});

describeDocuments(program.command('documents'), (action) =>
  withDatabase(({ connectAs, signal }) => {
    const { commercialUse } = config;
    return action({ pool: connectAs('rag_worker'), commercialUse, write: terminal.write, signal });
  }),
);

describeSources(program.command('sources'), (action) =>
  withDatabase(({ connectAs, signal }) => {
    const { readKey, commercialUse } = config;
    const pools = { owner: connectAs('owner'), worker: connectAs('rag_worker') };
    return action({
      ...pools,
      readKey,
      commercialUse,
      privateDirectories,
      terminal,
      clock,
      signal,
      now: () => new Date(),
    });
  }),
);

program
  .command('token')
  .description('print a token for trying the API')
  .option('--user <email or uuid>', "the token's user (default: the sample learner)")
  .option('--role <role>', 'the role of the user, for example admin')
  .action(async (options: { user?: string; role?: string }) => {
    console.log(await makeToken(options, config, new Date()));
  });

program.commandsGroup('User rights:');

describeExportUser(program.command('export-user')).action((user: string) =>
  withDatabase(({ connectAs, signal }) =>
    runExportUser(user, {
      pool: connectAs('rag_app'),
      auditPool: connectAs('rag_auditor'),
      output: process.stdout,
      signal,
    }),
  ),
);

describeEraseUser(program.command('erase-user')).action((user: string, flags: EraseFlags) =>
  withDatabase(({ connectAs, signal }) => {
    const ask = process.stdin.isTTY ? (question: string) => askAtTerminal(question, signal) : null;
    const pools = { pool: connectAs('rag_app'), auditPool: connectAs('rag_auditor') };
    return runEraseUser(user, flags, { ...pools, now: () => new Date(), write: terminal.write, ask });
  }),
);

describeListErasures(program.command('list-erasures')).action((flags: ListErasuresFlags) =>
  withDatabase(({ connectAs, signal }) =>
    runListErasures(flags, { pool: connectAs('rag_auditor'), output: process.stdout, signal }),
  ),
);

describeReplayErasures(program.command('replay-erasures')).action((file: string | undefined) =>
  withDatabase(({ connectAs, signal }) => {
    // Only the owner sees the users of all rows.
    const pool = connectAs('owner');
    const { stdin: input } = process;
    return runReplayErasures(file, { pool, input, clock, write: terminal.write, print, signal });
  }),
);

describeVerifyReceipts(program.command('verify-receipts')).action((flags: VerifyReceiptsFlags) =>
  withDatabase(({ connectAs }) => {
    // Only the owner sees all rows, which proving an erasure requires.
    const pool = connectAs(flags.user === undefined ? 'rag_auditor' : 'owner');
    return runVerifyReceipts(flags, { pool, write: terminal.write });
  }),
);

program.commandsGroup('Operations:');

describeMigrate(program.command('migrate')).action((flags: MigrateFlags) =>
  withServer((url) => runMigrate(url, flags, { write: terminal.write, print })),
);

describeVerify(program.command('verify')).action(() => withServer((url) => runVerify(url, { write: terminal.write })));

describeRollup(program.command('rollup')).action((flags: RollupFlags) =>
  withDatabase(({ connectAs, signal }) =>
    runRollup(flags, { pool: connectAs('rag_worker'), terminal, now: () => new Date(), signal }),
  ),
);

describeRetention(program.command('retention')).action((flags: RetentionFlags) =>
  withDatabase(({ connectAs, signal }) =>
    runRetention(flags, {
      pool: connectAs('rag_worker'),
      terminal,
      clock,
      signal,
      now: () => new Date(),
      dialogueDays: config.dialogueRetentionDays,
    }),
  ),
);

describeVerifyContent(program.command('verify-content')).action((flags: VerifyContentFlags) =>
  withDatabase(({ connectAs, signal }) =>
    runVerifyContent(flags, { pool: connectAs('rag_worker'), terminal, clock, signal, now: () => new Date() }),
  ),
);

describeGameday(program.command('gameday')).action((incident: string, flags: GamedayFlags) =>
  untilStopped((signal) => {
    const columns = process.stderr.isTTY ? process.stderr.columns : undefined;
    const shown = { write: (text: string) => void process.stderr.write(text), columns };
    return runGameday(incident, flags, {
      dataDir: config.dataDir,
      write: terminal.write,
      terminal: shown,
      clock,
      signal,
    });
  }),
);

try {
  await program.parseAsync();
} catch (error) {
  printError(error);
  process.exitCode = 1;
}

type Database = {
  /** Opens a pool with the role's rights; `owner`: with the login's own. */
  readonly connectAs: (role: Role | 'owner') => Pool;
  readonly signal: AbortSignal;
};

/** Runs work on the migrated database; the signal asks it to finish early. */
function withDatabase(work: (database: Database) => Promise<number>): Promise<void> {
  return withServer(async (url, signal) => {
    await migrate(url, { print });
    const pools: Pool[] = [];
    const connectAs = (role: Role | 'owner') => {
      const pool = connect(url, { name: 'rag-cli', ...(role === 'owner' ? {} : { role }) });
      pools.push(pool);
      return pool;
    };
    try {
      return await work({ connectAs, signal });
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
    }
  });
}

/** Stops the embedded server afterwards if this command started it. */
function withServer(work: (url: string, signal: AbortSignal) => Promise<number>): Promise<void> {
  return untilStopped(async (signal) => {
    const database = await acquireDatabase(config, print);
    try {
      return await work(database.url, signal);
    } finally {
      await database.release();
    }
  });
}

/** The exit code is the result of `work`, or that of the signal that ended it early. */
async function untilStopped(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = listenForStop(config.underNpm);
  const stopping = new AbortController();
  stop.requested.then(() => stopping.abort());
  stop.forced.then(() => process.exit(1));
  const code = await work(stopping.signal);
  process.exitCode = stop.isRequested() ? await stop.requested : code;
}

/** Asks on standard error, because standard output is the command's result. */
async function askAtTerminal(question: string, signal: AbortSignal): Promise<string> {
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
    printError(error);
    process.exit(1);
  }
}
