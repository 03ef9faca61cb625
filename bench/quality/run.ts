/**
 * PROGRAM `npm run bench -- quality [--write] [CACHE_DIRECTORY]`: how well each quality score separates right answers from others, by language.
 * With --write, the figures of the held-out half are written to services/quality/validation.json, which the service reads.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoreAnswerQuality } from '../../services/quality/score-answer.ts';
import { type QualityScore, type QualityValues, qualityScores, wordsVersions } from '../../services/quality/scores.ts';
import { type Labelled, separation } from '../../services/quality/statistics/auc.ts';
import { calibrate } from '../../services/quality/statistics/calibration.ts';
import { isValidated, type Validation } from '../../services/quality/validation.ts';
import { isHeldOut, type LabelledAnswer, readLabelledSet, setVersion } from './read-set.ts';
import { labelled, targets } from './targets.ts';

type Scored = { readonly answer: LabelledAnswer; readonly values: QualityValues };
type Method = { readonly name: string; readonly scored: readonly Scored[] };

const cache = process.argv.slice(2).find((option) => !option.startsWith('--')) ?? join('.data', 'bench-corpus');
const { answers, leftOut, missing } = await readLabelledSet(cache);
const words = answers.map((answer) => ({
  answer,
  values: scoreAnswerQuality({ ...answer, query: answer.question, weights: new Map(answer.words) }),
}));
const methods: readonly Method[] = [{ name: 'words', scored: words }];

const groups: Readonly<Record<string, (answer: LabelledAnswer) => boolean>> = {
  'held-out half': isHeldOut,
  'held-out half, English': (answer) => isHeldOut(answer) && answer.language === 'en',
  'held-out half, Japanese': (answer) => isHeldOut(answer) && answer.language === 'ja',
  'held-out half, without written answers': (answer) => isHeldOut(answer) && answer.system !== 'model',
  'tuned half': (answer) => !isHeldOut(answer),
};

console.log(`${answers.length} labelled answers of ${setVersion}`);
if (leftOut > 0) {
  console.log(
    `${leftOut} answers are left out: ${missing} of their passages are not in the downloaded packages. The packages have another ` +
      'version than in bench/quality/README.md, or the service reads or splits their documents differently.',
  );
}
for (const { name, scored } of methods) {
  for (const score of qualityScores) {
    console.log(`\n${score} by ${name}: ${targets[score].title}`);
    for (const [group, belongs] of Object.entries(groups)) {
      console.log(`  ${group.padEnd(42)}${figure(select(scored, score, belongs))}`);
    }
    printCalibration(select(scored, score, isHeldOut));
  }
}
if (process.argv.includes('--write')) {
  if (leftOut > 0)
    throw new Error(
      'The figures of a part of the set are not written. Use the package versions of bench/quality/README.md.',
    );
  await writeValidation();
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
  console.log(`  calibration, held-out half: ${cells.join(', ')}; mean distance ${error?.toFixed(2)}`);
}

async function writeValidation(): Promise<void> {
  const figures = qualityScores.flatMap((score): readonly Validation[] => {
    const found = separation(select(words, score, isHeldOut));
    if (found === null) return [];
    const { auc, low, high, right, wrong } = found;
    const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
    const base = { score, version: wordsVersions[score], set: `${setVersion}, held-out half` };
    return [{ ...base, auc: rounded(auc), low: rounded(low), high: rounded(high), answers: right + wrong }];
  });
  const file = fileURLToPath(new URL('../../services/quality/validation.json', import.meta.url));
  await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
  for (const each of figures) console.log(`${each.score}: ${isValidated(each) ? 'validated' : 'not validated'}`);
}
