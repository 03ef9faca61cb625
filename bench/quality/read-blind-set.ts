/** Reads a labelled set from a file: `npm run bench -- quality --set FILE`. bench/quality/README.md describes the format. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isJapanese } from '../../services/chat/search/is-japanese.ts';
import { readJsonLines } from '../../services/commands/evaluate/json-lines.ts';
import type { LabelledAnswer } from './read-set.ts';

const passage = z.object({ title: z.string().default(''), heading: z.string().default(''), text: z.string().min(1) });

const line = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  corpus: z.string().default('set'),
  language: z.enum(['en', 'ja']).optional(),
  question: z.string().trim().min(1),
  answer: z.string().min(1),
  label: z.enum(['right', 'beside', 'near', 'wrong', 'unsupported']),
  supported: z.boolean().optional(),
  passages: z.array(passage).min(1),
  words: z.array(z.tuple([z.string(), z.number()])).default([]),
});

/** @throws {Error} that names the line */
export async function readBlindSet(file: string): Promise<readonly LabelledAnswer[]> {
  return readJsonLines(await readFile(file, 'utf8'), file, read);
}

function read(json: unknown, place: string): LabelledAnswer {
  const parsed = line.safeParse(json);
  if (!parsed.success) throw new Error(`${place}: ${z.prettifyError(parsed.error)}`);
  const { id, language, label, supported, passages, ...rest } = parsed.data;
  return {
    ...rest,
    label,
    id: String(id ?? place),
    system: 'product',
    language: language ?? (isJapanese(rest.question) ? 'ja' : 'en'),
    supported: supported ?? (label !== 'wrong' && label !== 'unsupported'),
    passages: passages.map((each, index) => ({ ...each, id: `${place}/${index}` })),
  };
}
