/** PROGRAM `npm run test:slow -- NAME [ARGUMENT…]`: runs one slow suite, and lists them when the name is missing. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listSlowSuites, slowSuiteCommand } from './slow-suites.ts';

const [, , name = '', ...rest] = process.argv;
const command = slowSuiteCommand(name);
if (command === null) {
  console.error(name === '' ? listSlowSuites() : `No slow suite is called "${name}".\n\n${listSlowSuites()}`);
  process.exitCode = 2;
} else {
  const [program, ...args] = command;
  // In this process, so that signals and the exit code are the suite's own.
  process.argv = [process.execPath, resolve(program), ...args, ...rest];
  await import(pathToFileURL(resolve(program)).href);
}
