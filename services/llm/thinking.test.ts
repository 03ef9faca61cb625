import { expect, test } from 'vitest';
import { createDraftGate } from './draft-gate.ts';
import { createReadText } from './thinking.ts';

const readText = createReadText([{ open: '((plan', close: 'plan))' }]);
const answer = 'Logs are kept for 30 days [1].';

/** The text as it is recorded, and the drafts of a stream of small pieces. */
function read(raw: string): { text: string; drafts: string } {
  const drafts: string[] = [];
  const gate = createDraftGate({ refusal: 'NO-ANSWER', passages: 3, readText, pass: (text) => drafts.push(text) });
  for (const piece of raw.match(/[\s\S]{1,5}/g) ?? []) gate.push(piece);
  return { text: gate.end(), drafts: drafts.join('') };
}

test.each([
  `<think>Passage [2]?</think>${answer}`,
  `<Thinking effort="high">\nHm\n</Thinking>\n\n${answer}`,
  `<seed:think>x</seed:think>${answer}`,
  `<reasoning>x</reasoning> ${answer}`,
  `<chain_of_thought>x < y</chain_of_thought>${answer}`,
  `[THINK]x[/THINK]${answer}`,
  `⟨thinking⟩x⟨/thinking⟩${answer}`,
  `◁think▷x◁/think▷${answer}`,
  `<|begin_of_thought|>x<|end_of_thought|>${answer}`,
  `<|START_THINKING|>x<|END_THINKING|>${answer}`,
  `<unused94>thought x<unused95>${answer}`,
  `<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>${answer}<|return|>`,
  `<|start|>assistant<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>${answer}`,
  `<details type="reasoning" done="true">x</details>\n${answer}`,
  `((plan x plan))${answer}`,
  `Okay, the user asks about logs.</think>\n\n${answer}`,
  `${answer}<|im_end|>`,
  `${answer}<|eot_id|>\n`,
  `${answer}</s>`,
  `${answer} </s>\n\n<|im_end|> <|endoftext|>\n`,
  `${answer}${'<|im_end|> '.repeat(40)}`,
  `${answer}<｜end▁of▁sentence｜>`,
  `${answer}\n<think>and that never ends`,
])('thoughts and control tokens are in neither the answer nor a draft: %s', (raw) => {
  const { text, drafts } = read(raw);
  expect(text).toBe(answer);
  expect(drafts.trim()).toBe(answer);
});

test('a second thought in the middle is removed', () => {
  const raw = `${answer} <think>More?</think> Backups live longer [2].`;
  expect(read(raw)).toEqual({
    text: `${answer} Backups live longer [2].`,
    drafts: `${answer} Backups live longer [2].`,
  });
});

test.each([
  'Models write `<think>` before they answer [1].',
  'A thought ends with `</think>` [1].',
  'If a < b then [think] about it [1].',
  '```html\n<think>\n```\nThis is a tag [1].',
  'The template has <|im_start|> in it [1].',
  'I think, therefore I am [1].',
  '[Reasoning models](https://a) are useful [1].',
  '[Thinking](https://a) is a book [1].',
  '[Thinking][1] is a book.',
  '[Reflection] is a step [1].',
  '[THINK] is how the template begins [1].',
  '〈思考〉とは考えることです[1]。',
  '⟨Thought⟩ is a term [1].',
  'See two books:\n[Thinking in Systems](http://x) is one [1].\nAnother is B [2].',
])('text that merely looks like a thought stays: %s', (raw) => {
  expect(read(raw)).toEqual({ text: raw, drafts: raw });
});

test('a model that ends thoughts without opening them is recognised, and its text before that is dropped', () => {
  const { text } = read(`Passage two says so.</think>${answer}`);
  expect(text).toBe(answer);
});

test('long runs of blanks cost no time', () => {
  const blanks = ' '.repeat(40_000);
  const started = performance.now();
  for (let piece = 0; piece < 20; piece += 1) {
    expect(readText(`Logs${blanks}${'a'.repeat(piece)}`, false).text).toContain('Logs');
    expect(readText(`Logs${blanks}${'a'.repeat(piece)}`, true).text).toContain('Logs');
  }
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(readText(`Logs${blanks}<|im_end|>${blanks}`, true).text).toBe('Logs');
  expect(readText(`Logs${blanks}<|im_e`, false).text).toBe('Logs');
});
