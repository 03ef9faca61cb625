/** Writes what the model server answers: a sentence that quotes a passage of its prompt. */
import type { Behaviour } from './behaviour.ts';

export type AskedMessage = { readonly role: string; readonly content: string };

/** Letters of a quotation. */
const longest = 90;
const shortest = 12;

/** What it is asked about holds no passages, so it is a judge's question: the answer is a judgement. */
const judgement = '{"reason": "It answers the question.", "score": 0.83}';

export function writeAnswer(messages: readonly AskedMessage[], citations: Behaviour['citations']): string {
  const asked = messages.at(-1)?.content ?? '';
  const passage = firstPassage(asked);
  if (passage === null) return judgement;
  const question = /<question>\s*([\s\S]*?)\s*<\/question>/.exec(asked)?.[1] ?? '';
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

/** The first words that stand in one line and one sentence, free of signs that quote or mark something themselves. */
function quotation(text: string): string {
  const runs = text.split(/[\n“”"「」『』[\]()（）.!?。！？]/).map((run) => run.trim());
  const run = runs.find(({ length }) => length >= shortest) ?? text.replace(/\s+/g, ' ').trim();
  if (run.length <= longest) return run;
  const cut = run.slice(0, longest);
  const space = cut.lastIndexOf(' ');
  return space > shortest ? cut.slice(0, space) : cut;
}
