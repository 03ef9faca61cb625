/**
 * Runs a program of this repository: `node scripts/run.cjs FILE [ARGUMENT…]`, FILE from the root of the repository.
 *
 * npm puts Node 24 of node_modules first on the path of every script (docs/adr/0001). Where that one is missing and the
 * machine's Node cannot run TypeScript, this prints what to do instead of a stack trace: the file is CommonJS and uses only
 * syntax that every Node reads. The program then runs in this process, so signals and exit codes are its own.
 */
const { runMain } = require('node:module');
const { resolve } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
if (!stripsTypes) {
  console.error(
    `rag-observatory needs Node 24, but this is Node ${process.versions.node}. Start it with npm (npm start, npm run …), which uses the Node 24 in node_modules. If that one is missing, run "npm ci" without --omit=optional.`,
  );
  process.exit(1);
}

const file = process.argv[2];
if (file === undefined) {
  console.error('Usage: node scripts/run.cjs FILE [ARGUMENT…]');
  process.exit(1);
}
process.argv.splice(1, 2, resolve(__dirname, '..', file));
runMain();
