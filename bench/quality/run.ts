/**
 * PROGRAM `npm run bench -- quality [--write] [--set FILE] [CACHE_DIRECTORY]`: how well each quality score separates right answers from
 * others, by language, with words and with two embedding models. `--set` scores another labelled set, which nothing was tuned on.
 * With --write, the figures of the held-out half are written to services/quality/validation.json, which the service reads.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type QualityScore, qualityScores } from '../../services/quality/scores.ts';
import { type Labelled, separation } from '../../services/quality/statistics/auc.ts';
import { calibrate } from '../../services/quality/statistics/calibration.ts';
import { isValidated, type Validation } from '../../services/quality/validation.ts';
import { type Method, type Scored, scoreByVectors, scoreByWords } from './methods.ts';
import { readBlindSet } from './read-blind-set.ts';
import { claimSetVersion, readClaims } from './read-claims.ts';
import { isHeldOut, type LabelledAnswer, readLabelledSet, setVersion } from './read-set.ts';
import { labelled, targets } from './targets.ts';

const { values: flags, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, set: { type: 'string' } },
  allowPositionals: true,
});
const cache = positionals[0] ?? join('.data', 'bench-corpus');
const { answers, leftOut, missing } =
  flags.set === undefined
    ? await readLabelledSet(cache)
    : { answers: await readBlindSet(flags.set), leftOut: 0, missing: 0 };
const methods: readonly Method[] = [scoreByWords(answers), ...(await scoreByVectors(answers, cache))];

type Groups = Readonly<Record<string, (answer: LabelledAnswer) => boolean>>;
const ownGroups: Groups = {
  'held-out half': isHeldOut,
  'held-out half, English': (answer) => isHeldOut(answer) && answer.language === 'en',
  'held-out half, Japanese': (answer) => isHeldOut(answer) && answer.language === 'ja',
  'held-out half, without written answers': (answer) => isHeldOut(answer) && answer.system !== 'model',
  'tuned half': (answer) => !isHeldOut(answer),
};
const blindGroups: Groups = {
  'all answers': () => true,
  English: ({ language }) => language === 'en',
  Japanese: ({ language }) => language === 'ja',
};
const groups = flags.set === undefined ? ownGroups : blindGroups;
const [mainGroup] = Object.values(groups);

console.log(`${answers.length} labelled answers of ${flags.set ?? setVersion}`);
if (leftOut > 0) {
  console.log(
    `${leftOut} answers are left out: ${missing} of their passages are not in the downloaded packages. The packages have another ` +
      'version than in bench/quality/README.md, or the service reads or splits their documents differently.',
  );
}
for (const { name, scored, versions } of methods) {
  for (const score of qualityScores) {
    if (versions[score] === undefined) continue;
    console.log(`\n${score} by ${name}: ${targets[score].title}`);
    for (const [group, belongs] of Object.entries(groups)) {
      console.log(`  ${group.padEnd(42)}${figure(select(scored, score, belongs))}`);
    }
    printCalibration(select(scored, score, mainGroup ?? isHeldOut));
  }
}
const claims = flags.set === undefined ? await readClaims() : [];
const claimed = scoreByWords(claims.map(({ answer }) => answer)).scored;
if (claims.length > 0) printClaims();
if (flags.write) {
  if (leftOut > 0 || flags.set !== undefined)
    throw new Error(
      'The figures of a part of the set, or of another set, are not written. Use the package versions of bench/quality/README.md.',
    );
  await writeValidation();
}

function printClaims(): void {
  console.log(`\n${claims.length} claims of ${claimSetVersion}: groundedness by words`);
  for (const [group, belongs] of Object.entries(ownGroups)) {
    if (!group.includes('written'))
      console.log(`  ${group.padEnd(42)}${figure(select(claimed, 'groundedness', belongs))}`);
  }
  const kinds = Map.groupBy(claims.keys(), (index) => claims[index]?.kind ?? '');
  const cells = [...kinds].map(([kind, indexes]) => {
    const values = indexes.flatMap((index) => claimed[index]?.values.groundedness ?? []);
    return `${kind} ${(values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(2)}`;
  });
  console.log(`  mean of both halves by kind: ${cells.join(', ')}`);
}

function select(
  scored: readonly Scored[],
  score: QualityScore,
  belongs: (answer: LabelledAnswer) => boolean,
): readonly Labelled[] {
  const chosen = scored.filter(({ answer }) => belongs(answer));
  return labelled(
    chosen.map(({ answer, values }) => ({ answer, value: values[score] })),
    score,
  );
}

function figure(each: readonly Labelled[]): string {
  const found = separation(each);
  if (found === null) return 'too few answers';
  const { auc, low, high, right, wrong } = found;
  return `AUC ${auc.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}), ${right} and ${wrong} answers`;
}

function printCalibration(each: readonly Labelled[]): void {
  const { bins, error } = calibrate(each);
  const cells = bins.map(
    ({ from, to, answers: count, shareRight }) =>
      `${from.toFixed(1)}–${to.toFixed(1)}: ${Math.round(100 * shareRight)} % of ${count}`,
  );
  console.log(`  calibration: ${cells.join(', ')}; mean distance ${error?.toFixed(2)}`);
}

async function writeValidation(): Promise<void> {
  const figures = qualityScores.flatMap((score) =>
    methods.flatMap(({ versions, scored }): readonly Validation[] => {
      const version = versions[score];
      if (version === undefined) return [];
      // Invented answers are easy to recognise, so claims decide about groundedness.
      const [set, of] = score === 'groundedness' ? [claimSetVersion, claimed] : [setVersion, scored];
      const found = separation(select(of, score, isHeldOut));
      if (found === null) return [];
      const { auc, low, high, right, wrong } = found;
      const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
      const base = { score, version, set: `${set}, held-out half` };
      return [{ ...base, auc: rounded(auc), low: rounded(low), high: rounded(high), answers: right + wrong }];
    }),
  );
  const file = fileURLToPath(new URL('../../services/quality/validation.json', import.meta.url));
  await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
  for (const each of figures)
    console.log(`${each.score} by ${each.version}: ${isValidated(each) ? 'validated' : 'not validated'}`);
}
