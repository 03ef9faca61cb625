/** Reads a labelled set: one question per line, with what a good service does with it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isJapanese } from '../../chat/search/is-japanese.ts';
import { readJsonLines } from './json-lines.ts';

/** A place that answers: in this document and, where stated, with these words. */
export type Expected = { readonly document: string | null; readonly contains: string | null };

export type EvaluationQuestion = {
  /** Pairs the question with the same one of a baseline. */
  readonly id: string;
  readonly question: string;
  readonly language: 'en' | 'ja';
  /** False: a good service says that it found nothing. Null: the set does not say. */
  readonly answerable: boolean | null;
  /** Any one of them is enough. Empty where the set names none. */
  readonly expected: readonly Expected[];
  /** The question before this one in the same session; null for a first question. */
  readonly after: string | null;
};

const expected = z
  .object({ document: z.string().min(1).optional(), contains: z.string().min(1).optional() })
  .refine(
    ({ document, contains }) => document !== undefined || contains !== undefined,
    'needs "document" or "contains"',
  );

const line = z.object({
  id: z.union([z.string().min(1), z.number()]).optional(),
  question: z.string().trim().min(1),
  language: z.string().optional(),
  answerable: z.boolean().optional(),
  relevant: z.array(expected).optional(),
  after: z.string().optional(),
});

/**
 * Ids default to the question's text. `relevant: []` without `answerable` marks an unanswerable question.
 * @throws {Error} that names the file and the line
 */
export async function readEvaluationSet(file: string): Promise<readonly EvaluationQuestion[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'the file does not exist' : cause.message;
    throw new Error(`${file} cannot be read: ${reason}`, { cause });
  });
  const questions = readJsonLines(text, file, readQuestion);
  if (questions.length === 0) throw new Error(`${file} contains no question`);
  const seen = new Set<string>();
  for (const { id } of questions) {
    if (seen.has(id))
      throw new Error(`${file} contains the id ${JSON.stringify(id)} twice; give each question its own`);
    seen.add(id);
  }
  return questions;
}

function readQuestion(json: unknown, place: string): EvaluationQuestion {
  const parsed = line.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new Error(`${place}: ${field}${issue?.message}`);
  }
  const { id, question, language, answerable, relevant, after } = parsed.data;
  return {
    id: String(id ?? question),
    question,
    language: (language ?? (isJapanese(question) ? 'ja' : 'en')).startsWith('ja') ? 'ja' : 'en',
    answerable: answerable ?? (relevant === undefined ? null : relevant.length > 0),
    expected: (relevant ?? []).map(({ document = null, contains = null }) => ({ document, contains })),
    after: after ?? null,
  };
}
