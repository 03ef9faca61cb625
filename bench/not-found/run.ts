/** PROGRAM `npm run bench -- not-found [--fit] [--mistakes] [CACHE_DIRECTORY]`: refused unanswerable against refused answerable questions. */
import { join } from 'node:path';
import { likelihoodOf, REFUSED_BELOW } from '../../services/chat/gate/likelihood.ts';
import { isAnswerable, isTuning } from './cases.ts';
import { fitWeights } from './fit.ts';
import { type Observed, observeAll } from './observe.ts';

const options = process.argv.slice(2);
const cache = options.find((option) => !option.startsWith('--')) ?? join('.data', 'bench-corpus');
const thresholds = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);

const observed = await observeAll(cache);
const score = ({ evidence }: Observed) => (evidence === null ? 0 : likelihoodOf(evidence));
const tuning = observed.filter(({ of }) => isTuning(of));
const heldOut = observed.filter(({ of }) => !isTuning(of));

if (options.includes('--fit')) console.log('weights fitted on the tuning half', fitWeights(observed));
const halves = { 'tuning half': tuning, 'held-out half': heldOut };
for (const [name, half] of Object.entries(halves)) {
  const groups: Record<string, readonly Observed[]> = {
    all: half,
    English: half.filter(({ of }) => of.language === 'en'),
    Japanese: half.filter(({ of }) => of.language === 'ja'),
  };
  console.log(`\n${name}: share of refused questions, unanswerable / answerable`);
  console.log(
    row(
      'threshold',
      Object.entries(groups).map(([group, of]) => `${group} (${counts(of)})`),
    ),
  );
  for (const threshold of thresholds) {
    console.log(
      row(
        threshold.toFixed(2),
        Object.values(groups).map((of) => refused(of, threshold)),
      ),
    );
  }
}
console.log(`\nat the chosen threshold, ${REFUSED_BELOW}`);
console.log(row('', Object.keys(halves)));
const kinds = Map.groupBy(observed, ({ of }) => of.kind);
const corpora = Map.groupBy(observed, ({ of }) => `${of.corpus} ${of.language}`);
for (const [name, of] of [['all', observed] as const, ...corpora, ...kinds]) {
  const cells = Object.values(halves).map((half) => {
    const own = of.filter((one) => half.includes(one));
    return `${refused(own, REFUSED_BELOW)} (${counts(own)})`;
  });
  console.log(row(name, cells));
}

if (options.includes('--mistakes')) {
  console.log('\nmistakes of the tuning half: likelihood, kind, question, evidence other than 0');
  for (const one of tuning.toSorted((a, b) => score(b) - score(a))) {
    if (isAnswerable(one.of) === score(one) >= REFUSED_BELOW) continue;
    const evidence = Object.entries(one.evidence ?? {}).filter(([, value]) => value !== 0);
    const figures = evidence.map(([name, value]) => `${name} ${value.toFixed(2)}`).join(', ');
    console.log(`${score(one).toFixed(2)} ${one.of.corpus} ${one.of.kind}: ${one.of.question}\n     ${figures}`);
  }
}

function refused(of: readonly Observed[], threshold: number): string {
  const share = (group: readonly Observed[]) =>
    group.length === 0
      ? '–'
      : `${((100 * group.filter((one) => score(one) < threshold).length) / group.length).toFixed(1)} %`;
  return `${share(of.filter((one) => !isAnswerable(one.of)))} / ${share(of.filter((one) => isAnswerable(one.of)))}`;
}

function counts(of: readonly Observed[]): string {
  const answerable = of.filter((one) => isAnswerable(one.of)).length;
  return `${of.length - answerable} / ${answerable}`;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(14) + cells.map((cell) => cell.padStart(28)).join('');
}
