/** PROGRAM for tests: runs the embedded database of a directory, prints its URL, and exits at the end of standard input. */
import { acquireDatabase } from '../../../services/embedded-postgres/acquire-database.ts';
import { startEmbedded } from '../../../services/embedded-postgres/server.ts';

const [dataDir = '', port, packageRoot] = process.argv.slice(2);
const postgresPort = Number(port);
const log = (line: string) => console.error(line);
try {
  const database = packageRoot === undefined ? await shared() : await own(packageRoot);
  process.stdout.write(`${JSON.stringify({ url: database.url })}\n`);
  await new Promise((resolve) => process.stdin.on('close', resolve).resume());
  await database.end();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function shared() {
  const { url, release } = await acquireDatabase({ dataDir, databaseUrl: undefined, postgresPort }, log);
  return { url, end: release };
}

async function own(packageRoot: string) {
  const { url, stop } = await startEmbedded({
    dataDir,
    port: postgresPort,
    packageRoot,
    settings: { fsync: 'off' },
    log,
  });
  return { url, end: stop };
}
