/** PROGRAM `npm run -s cli -- …`: the commands for operators. */

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describeSlo } from '../deploy/slo/command.ts';
import { describeGameday, type GamedayFlags, runGameday } from '../gameday/command.ts';
import { describeDocuments } from './commands/content/documents.ts';
import { describeEmbeddings } from './commands/content/embeddings.ts';
import { describeIngest, type IngestFlags, runIngest } from './commands/content/ingest.ts';
import { createIngestStore } from './commands/content/ingest-store.ts';
import { describeSources } from './commands/content/sources.ts';
import { describeVerifyContent, runVerifyContent, type VerifyContentFlags } from './commands/content/verify-content.ts';
import { describeEvaluate, type EvaluateFlags, runEvaluate } from './commands/evaluate/evaluate.ts';
import { describeExportSet, type ExportSetFlags, runExportSet } from './commands/evaluate/export-set.ts';
import { describeCheck, runCheck } from './commands/operations/check.ts';
import { describeMigrate, type MigrateFlags, runMigrate } from './commands/operations/migrate.ts';
import { describePrices, runShowPrice, runUpdatePrices } from './commands/operations/prices.ts';
import { describeRates, runUpdateRates } from './commands/operations/rates.ts';
import { describeRetention, type RetentionFlags, runRetention } from './commands/operations/retention.ts';
import { describeRollup, type RollupFlags, runRollup } from './commands/operations/rollup.ts';
import { describeVerify, runVerify } from './commands/operations/verify.ts';
import { askAtTerminal, createCommandRunner } from './commands/run-command.ts';
import { describeServices } from './commands/services/services.ts';
import { describeEraseUser, type EraseFlags, runEraseUser } from './commands/users/erase-user.ts';
import { describeExportUser, runExportUser } from './commands/users/export-user.ts';
import { describeListErasures, type ListErasuresFlags, runListErasures } from './commands/users/list-erasures.ts';
import { describeReplayErasures, runReplayErasures } from './commands/users/replay-erasures.ts';
import { makeToken } from './commands/users/token.ts';
import { describeUserId, runUserId, type UserIdFlags } from './commands/users/user-id.ts';
import {
  describeVerifyReceipts,
  runVerifyReceipts,
  type VerifyReceiptsFlags,
} from './commands/users/verify-receipts.ts';
import { loadConfig } from './config.ts';
import { requireSameClock } from './postgres/client/clock.ts';
import { printError } from './runtime/console.ts';
import { reachableUrl } from './runtime/reachable-url.ts';
import { useProxy } from './runtime/use-proxy.ts';
import { defaultSloFile } from './slo/slo-file/loaded.ts';
import { useDocumentServer } from './sources/readers/document-server.ts';

const config = loadConfigOrStop();
useDocumentServer(config.documentServer);
useProxy(config.proxy);
const clock = () => performance.now();
const print = (line: string) => process.stderr.write(`${line}\n`);
const { withDatabase, withServer, untilStopped } = createCommandRunner(config, print);
const terminal = {
  write: (text: string) => void process.stdout.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
};
const progressTerminal = {
  write: (text: string) => void process.stderr.write(text),
  columns: process.stderr.isTTY ? process.stderr.columns : undefined,
};

/** Secrets and the embedded database: no source may read them. */
const privateDirectories = [config.dataDir];

const program = new Command('npm run -s cli --')
  .description('Manages rag-observatory. Uses the database in DATABASE_URL, or else the embedded one in DATA_DIR.')
  .showHelpAfterError('(use --help for usage)')
  .commandsGroup('Documents and sources:');

describeIngest(program.command('ingest')).action((paths: string[], flags: IngestFlags) => {
  const deps = { commercialUse: config.commercialUse, privateDirectories, terminal, clock, now: () => new Date() };
  // Only a dry run without --prune needs no database.
  if (flags.dryRun === true && flags.prune !== true) {
    return untilStopped((signal) => runIngest(paths, flags, { ...deps, store: null, signal }));
  }
  return withDatabase(({ connectAs, signal }) => {
    const { store, knownBelow, remove } = createIngestStore(connectAs('rag_worker'));
    const access = flags.dryRun === true ? { store: null, knownBelow } : { store, knownBelow, remove };
    return runIngest(paths, flags, { ...deps, ...access, signal });
  });
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

describeEmbeddings(program.command('embeddings'), (action) =>
  withDatabase(({ connectAs, signal }) => {
    const { embeddings } = config;
    return action({ pool: connectAs('rag_worker'), embeddings, terminal, clock, signal, now: () => new Date() });
  }),
);

describeVerifyContent(program.command('verify-content')).action((flags: VerifyContentFlags) =>
  withDatabase(({ connectAs, signal }) =>
    runVerifyContent(flags, { pool: connectAs('rag_worker'), terminal, clock, signal, now: () => new Date() }),
  ),
);

describeRetention(program.command('retention')).action((flags: RetentionFlags) =>
  withDatabase(async ({ connectAs, signal }) => {
    const pool = connectAs('rag_worker');
    if (flags.dryRun !== true) await requireSameClock(pool, () => new Date());
    return runRetention(flags, {
      pool,
      terminal,
      clock,
      signal,
      now: () => new Date(),
      dialogueDays: config.dialogueRetentionDays,
    });
  }),
);

describeServices(program.command('services'), (action) =>
  withDatabase(({ connectAs }) =>
    action({ owner: connectAs('owner'), baseUrl: reachableUrl(config.host, config.port), write: terminal.write }),
  ),
);

program.commandsGroup('Users and their data:');

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

describeVerifyReceipts(program.command('verify-receipts')).action((flags: VerifyReceiptsFlags) =>
  withDatabase(({ connectAs }) => {
    // Only the owner sees all rows, which proving an erasure requires.
    const pool = connectAs(flags.user === undefined ? 'rag_auditor' : 'owner');
    return runVerifyReceipts(flags, { pool, write: terminal.write });
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

program
  .command('token')
  .description('print a token for trying the API')
  .option('--user <email or uuid>', "the token's user (default: the sample learner)")
  .option('--role <role>', 'the role of the user, for example admin')
  .action(async (options: { user?: string; role?: string }) => {
    console.log(await makeToken(options, config, new Date()));
  });

describeUserId(program.command('user-id')).action((subject: string, flags: UserIdFlags) =>
  runUserId(subject, flags, { issuer: config.auth.issuer, write: terminal.write }),
);

program.commandsGroup('Operations:');

describeMigrate(program.command('migrate')).action((flags: MigrateFlags) =>
  withServer((url) => runMigrate(url, flags, { write: terminal.write, print })),
);

describeRollup(program.command('rollup')).action((flags: RollupFlags) =>
  withDatabase(({ connectAs, signal }) =>
    runRollup(flags, { pool: connectAs('rag_worker'), terminal, now: () => new Date(), signal }),
  ),
);

describeVerify(program.command('verify')).action(() => withServer((url) => runVerify(url, { write: terminal.write })));

describeCheck(program.command('check')).action(() => untilStopped(() => runCheck(config, { write: terminal.write })));
const evaluate = describeEvaluate(program.command('evaluate')).action((set: string, flags: EvaluateFlags) =>
  untilStopped((signal) =>
    runEvaluate(set, flags, {
      ownUrl: reachableUrl(config.host, config.port),
      ownToken: config.auth.jwksUrl === undefined ? () => makeToken({}, config, new Date()) : null,
      readVariable: config.readKey,
      write: terminal.write,
      terminal: progressTerminal,
      newSession: randomUUID,
      clock,
      now: () => new Date(),
      signal,
    }),
  ),
);
describeExportSet(evaluate.command('export')).action((flags: ExportSetFlags) =>
  withDatabase(({ connectAs }) =>
    runExportSet(flags, {
      pool: connectAs('rag_worker'),
      commercialUse: config.commercialUse,
      now: () => new Date(),
      write: terminal.write,
      print,
    }),
  ),
);

describeGameday(program.command('gameday')).action((incident: string, flags: GamedayFlags) =>
  untilStopped((signal) =>
    runGameday(incident, flags, {
      dataDir: config.dataDir,
      write: terminal.write,
      terminal: progressTerminal,
      clock,
      signal,
    }),
  ),
);

describePrices(program.command('prices'), {
  show: (name) => {
    process.exitCode = runShowPrice(name, config, { now: new Date(), write: terminal.write });
  },
  update: (flags) => untilStopped(() => runUpdatePrices(flags, { ...config, now: new Date(), write: terminal.write })),
});

describeSlo(program.command('slo'), {
  file: config.sloFile ?? defaultSloFile,
  write: terminal.write,
  runWith: (file, args) => {
    const self = [...process.execArgv, fileURLToPath(import.meta.url), 'slo', ...args];
    return spawnSync(process.execPath, self, { env: { ...process.env, SLO_FILE: file }, stdio: 'inherit' }).status ?? 1;
  },
});
describeRates(program.command('rates'), (flags) =>
  untilStopped(() => runUpdateRates(flags, { ...config, now: new Date(), write: terminal.write })),
);

try {
  await program.parseAsync();
} catch (error) {
  printError(error);
  process.exitCode = 1;
}

function loadConfigOrStop() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    printError(error);
    process.exit(1);
  }
}
