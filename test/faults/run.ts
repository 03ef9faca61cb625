/** PROGRAM: tests the durability of answers with random faults during traffic: `npm run test:slow -- faults [-- --seed N --faults N]`. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { undoAll } from './clean-up.ts';
import { runFullDisk } from './full-disk.ts';
import { runOutage } from './outage.ts';
import { runRandomFaults } from './random-faults.ts';
import { printReport, type Report, showProgress } from './report.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, faults: { type: 'string', default: '54' } } });
const seed = wholeNumber('--seed', values.seed ?? String(randomInt(2 ** 31)));
const number = wholeNumber('--faults', values.faults);

console.log(`Seed ${seed}. To repeat the same faults: npm run test:slow -- faults --seed ${seed} --faults ${number}`);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  void undoAll().finally(() => process.exit(130));
});
let violations = 0;
await runPart(`${number} random faults`, () => runRandomFaults({ seed, number }, showProgress));
await runPart('An outage longer than RECORD_DEADLINE', () => runOutage(seed, showProgress));
await runPart('A full disk under PostgreSQL', () => runFullDisk(seed, showProgress));
console.log(
  violations === 0 ? '\nPASS: no acknowledged answer was lost.' : `\nFAIL: ${violations} violations with seed ${seed}.`,
);
// Node 24 may hang while it closes sockets that were reset, so exit explicitly.
process.exit(violations === 0 ? 0 : 1);

async function runPart(title: string, part: () => Promise<Report>): Promise<void> {
  const startedAt = performance.now();
  const report = await part().catch((error: unknown) => {
    // Errors after the clean-up has started are expected.
    if (interrupted) return new Promise<never>(() => {});
    throw error;
  });
  showProgress(1, 1, '');
  printReport(title, report, (performance.now() - startedAt) / 1000);
  violations += report.violations.length;
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text) && Number(text) < 2 ** 31) return Number(text);
  throw new Error(`${option} must be a whole number below ${2 ** 31}, not "${text}"`);
}
