/** PROGRAM `npm run bench -- confidence [CACHE_DIRECTORY]`: whether of citations with confidence 0.9, nine in ten are right. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { citeAnswer } from '../services/chat/citations/cite.ts';
import { calibratedLikelihood, likelihoodOf, REFUSED_BELOW } from '../services/chat/gate/likelihood.ts';
import type { RetrievedPassage } from '../services/chat/retrieve.ts';
import { inTunedHalf } from './check-questions.ts';
import { isAnswerable, isTuning } from './not-found/cases.ts';
import { observeAll } from './not-found/observe.ts';

type Claim = {
  readonly id: string;
  /** Relative to the corpora of this repository, with the heading of the section that the claim cites. */
  readonly document: string;
  readonly heading: string;
  readonly claim: string;
  readonly supported: boolean;
};
type Judged = { readonly confidence: number; readonly right: boolean; readonly tuning: boolean };

const folder = join(import.meta.dirname, 'questions', 'not-found');
const buckets = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01];

const lines = (await readFile(join(folder, 'claims.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
print('claims as models write them', await Promise.all(lines.map((line) => judgeClaim(JSON.parse(line)))));
print('answers without a model, on questions of which half have no answer', await judgeAnswers());

async function judgeClaim({ id, document, heading, claim, supported }: Claim): Promise<Judged> {
  const source = await readFile(join(folder, 'corpora', document), 'utf8');
  const section = source.split(/^## /mu).find((each) => each.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${id}: ${document} has no section "${heading}".`);
  const passage: RetrievedPassage = {
    passageId: id,
    contentId: document,
    contentType: 'material',
    title: /^title: (.*)$/mu.exec(source)?.[1] ?? '',
    heading,
    text: section.slice(heading.length).trim(),
    pageNumber: null,
    startSeconds: null,
    paragraphIndex: 0,
    sourceUri: null,
    license: null,
    rank: 1,
  };
  const cited = citeAnswer({ text: `${claim}[1]` }, [passage], new Date(0), '');
  return { confidence: cited.citations[0]?.confidence ?? 0, right: supported, tuning: inTunedHalf(id) };
}

async function judgeAnswers(): Promise<readonly Judged[]> {
  const observed = await observeAll(process.argv[2] ?? join('.data', 'bench-corpus'));
  return observed.flatMap(({ of, evidence, right }) => {
    const likelihood = evidence === null ? 0 : likelihoodOf(evidence);
    const isRight = isAnswerable(of) ? right : false;
    if (likelihood < REFUSED_BELOW || isRight === null) return [];
    return [{ confidence: calibratedLikelihood(likelihood), right: isRight, tuning: isTuning(of) }];
  });
}

function print(title: string, judged: readonly Judged[]): void {
  console.log(`\n${title}: share of right ones and mean confidence`);
  console.log(row('confidence', ['tuning half', 'held-out half']));
  for (const [index, from] of buckets.slice(0, -1).entries()) {
    const to = buckets[index + 1] ?? 1;
    const cells = [true, false].map((tuning) => {
      const own = judged.filter((one) => one.tuning === tuning && one.confidence >= from && one.confidence < to);
      const mean = (of: (one: Judged) => number) => own.reduce((sum, one) => sum + of(one), 0) / own.length;
      if (own.length === 0) return 'none';
      return `${mean(({ right }) => (right ? 1 : 0)).toFixed(2)} at ${mean(({ confidence }) => confidence).toFixed(2)} (${own.length})`;
    });
    console.log(row(`${from.toFixed(1)}–${Math.min(1, to).toFixed(1)}`, cells));
  }
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(12) + cells.map((cell) => cell.padStart(24)).join('');
}
