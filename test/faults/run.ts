/** PROGRAM: breaks everything around the record while questions are asked: `npm run test:slow -- faults [--seed N --faults N]`. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { undoAll } from './clean-up.ts';
import { playFullDisk } from './full-disk.ts';
import { playOutage } from './outage.ts';
import { playRandomFaults } from './random-faults.ts';
import { printReport, type Report, showProgress } from './report.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, faults: { type: 'string', default: '54' } } });
const seed = wholeNumber('--seed', values.seed ?? String(randomInt(2 ** 31)));
const number = wholeNumber('--faults', values.faults);

console.log(`Seed ${seed}. The same faults again: npm run test:slow -- faults --seed ${seed} --faults ${number}`);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  void undoAll().finally(() => process.exit(130));
});
let broken = 0;
await play(`${number} random faults`, () => playRandomFaults({ seed, number }, showProgress));
await play('An outage longer than RECORD_DEADLINE', () => playOutage(seed, showProgress));
await play('A full disk under PostgreSQL', () => playFullDisk(seed, showProgress));
console.log(broken === 0 ? '\nNothing acknowledged was lost.' : `\n${broken} promises were broken, with seed ${seed}.`);
// Node 24 may spin for ever while it closes the sockets that were reset, if it is left to end by itself.
process.exit(broken === 0 ? 0 : 1);

async function play(title: string, part: () => Promise<Report>): Promise<void> {
  const begun = performance.now();
  const report = await part().catch((error: unknown) => {
    // What was taken down under it is no fault; the process ends when all is.
    if (interrupted) return new Promise<never>(() => {});
    throw error;
  });
  showProgress(1, 1, '');
  printReport(title, report, (performance.now() - begun) / 1000);
  broken += report.broken.length;
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text) && Number(text) < 2 ** 31) return Number(text);
  throw new Error(`${option} must be a whole number below ${2 ** 31}, not "${text}"`);
}
