/** The results of an evaluation, as a file that a later run compares itself with. It contains no question and no answer. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { MeasureKey } from './measures.ts';

const value = z.number().nullable();

const results = z.object({
  format: z.literal('rag-observatory-evaluation-1'),
  service: z.string(),
  set: z.string(),
  at: z.string(),
  /** The version of each quality score: values of two versions are not comparable. */
  scoreVersions: z.record(z.string(), z.string()),
  questions: z.array(z.object({ id: z.string(), failure: z.string().nullable(), values: z.record(z.string(), value) })),
});

export type Results = z.infer<typeof results>;

/** @throws {Error} for a file that `--out` did not write */
export async function readResults(file: string): Promise<Results> {
  const name = file.endsWith('.json') ? file : `${file}.json`;
  const text = await readFile(name, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`--baseline: ${name} ${cause.code === 'ENOENT' ? 'does not exist' : cause.message}`, { cause });
  });
  const parsed = results.safeParse(jsonOf(text));
  if (!parsed.success) throw new Error(`--baseline: ${name} was not written by evaluate --out`);
  return parsed.data;
}

/** Undefined for a text that is not JSON, such as a download that broke off. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** The known values of a measure, by question. */
export function valuesOf({ questions }: Pick<Results, 'questions'>, key: MeasureKey): ReadonlyMap<string, number> {
  return new Map(
    questions.flatMap(({ id, values }) => {
      const found = values[key];
      return typeof found === 'number' ? [[id, found] as const] : [];
    }),
  );
}

export function meanOf(values: ReadonlyMap<string, number>): number | null {
  return values.size === 0 ? null : [...values.values()].reduce((sum, each) => sum + each, 0) / values.size;
}
