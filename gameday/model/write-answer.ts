/** Writes the model server's answer: a sentence that quotes a passage of the prompt. */
import type { Behaviour } from './behaviour.ts';

export type AskedMessage = { readonly role: string; readonly content: string };

/** Characters of a quotation. */
const maxLength = 90;
const minLength = 12;

/** A prompt without passages comes from the judge, which expects a score. */
const judgement = '{"reason": "It answers the question.", "score": 0.83}';

export function writeAnswer(messages: readonly AskedMessage[], citations: Behaviour['citations']): string {
  const prompt = messages.at(-1)?.content ?? '';
  const passage = firstPassage(prompt);
  if (passage === null) return judgement;
  const question = /<question>\s*([\s\S]*?)\s*<\/question>/.exec(prompt)?.[1] ?? '';
  const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/.test(question);
  if (citations === 'none') return japanese ? '資料にそのように書かれています。' : 'That is what the materials say.';
  const quoted = citations === 'quoted' ? quotation(passage.text) : 'zwölf graue Wölfe am Ende einer Straße';
  return japanese
    ? `資料には「${quoted}」と書かれています[${passage.number}]。`
    : `The materials say “${quoted}” [${passage.number}].`;
}

function firstPassage(text: string): { number: string; text: string } | null {
  const [, number, content] = /<passage number="(\d+)"[^>]*>\n([\s\S]*?)\n<\/passage>/.exec(text) ?? [];
  return number === undefined || content === undefined ? null : { number, text: content };
}

/** The first words that are on one line, in one sentence, and contain no quotation or citation marks. */
function quotation(text: string): string {
  const runs = text.split(/[\n“”"「」『』[\]()（）.!?。！？]/).map((run) => run.trim());
  const run = runs.find(({ length }) => length >= minLength) ?? text.replace(/\s+/g, ' ').trim();
  if (run.length <= maxLength) return run;
  const cut = run.slice(0, maxLength);
  const space = cut.lastIndexOf(' ');
  return space > minLength ? cut.slice(0, space) : cut;
}
