/** Reads the labelled claims of bench/quality: sentences that a passage supports, or that change something in it. */
import { readFile } from 'node:fs/promises';
import { splitLines } from '../../services/chat/citations/sentences.ts';
import type { LabelledAnswer } from './read-set.ts';

export const claimSetVersion = 'bench/quality claims 1';

type Line = {
  readonly id: string;
  readonly language: 'en' | 'ja';
  readonly title: string;
  readonly text: string;
  readonly claims: readonly (readonly [kind: string, supported: boolean, claim: string])[];
};

export type Claim = { readonly kind: string; readonly answer: LabelledAnswer };

/**
 * Each claim as an answer. Each sentence of a passage is a claim of the kind `quotation`, and supported claims about the next passage of the
 * language are claims of the kind `other`. The text of the passage stands for the question, so a passage is in one half.
 */
export async function readClaims(): Promise<readonly Claim[]> {
  const text = await readFile(new URL('claims.jsonl', import.meta.url), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return lines.flatMap((line) => {
    const alike = lines.filter(({ language }) => language === line.language);
    const next = alike[(alike.indexOf(line) + 1) % alike.length] ?? line;
    const quoted = splitLines(line.text)
      .filter(({ kind }) => kind === 'sentence')
      .map(({ start, end }) => ['quotation', true, line.text.slice(start, end)] as const);
    const others = next.claims
      .filter(([, supported]) => supported)
      .map(([, , claim]) => ['other', false, claim] as const);
    return [...line.claims, ...quoted, ...others].map(([kind, supported, claim]) => ({
      kind,
      answer: answerOf(line, claim, supported),
    }));
  });
}

function answerOf({ id, language, title, text }: Line, claim: string, supported: boolean): LabelledAnswer {
  return {
    id,
    language,
    supported,
    corpus: 'claims',
    system: 'model',
    question: text,
    answer: claim,
    label: supported ? 'right' : 'unsupported',
    passages: [{ id, title, heading: '', text }],
    words: [],
  };
}
