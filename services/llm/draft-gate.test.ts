import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDraftGate } from './draft-gate.ts';
import { createReadText } from './thinking.ts';

function through(pieces: readonly string[]) {
  const drafts: string[] = [];
  const gate = createDraftGate({
    refusal: 'NO-ANSWER',
    passages: 3,
    readText: createReadText([]),
    pass: (text) => drafts.push(text),
  });
  for (const piece of pieces) gate.push(piece);
  const text = gate.end();
  return { text, drafts: drafts.join(''), refused: gate.refused() };
}

test.each([
  [['NO-ANSWER']],
  [['NO', '-ANS', 'WER', '.']],
  [['**', 'no-answer', '**']],
  [['\n NO-ANSWER: the passages are about cats']],
  [['<think>cats?', ' no</thi', 'nk>\n\nNO-', 'ANSWER']],
])('a refusal is no text and no draft shows a part of it: %j', (pieces) => {
  expect(through(pieces)).toEqual({ text: '', drafts: '', refused: true });
});

test('a refusal after some text takes the text back, and the refusal itself is never shown', () => {
  expect(through(['I looked. NO-', 'ANSWER'])).toEqual({ text: '', drafts: 'I looked. ', refused: true });
});

test('thoughts before the answer are held back', () => {
  expect(through(['<th', 'ink>Hm, <b> maybe', '</think>', '\n\n', 'Yes', ' [1].'])).toMatchObject({
    text: 'Yes [1].',
    drafts: 'Yes [1].',
  });
});

test('a text that merely begins like a refusal is passed on', () => {
  expect(through(['NO', '-', 'one knows [1]. N', 'O'])).toMatchObject({ text: 'NO-one knows [1]. NO', refused: false });
});

test('thoughts that never end are no answer', () => {
  expect(through(['<think>and then'])).toEqual({ text: '', drafts: '', refused: false });
});

test('drafts put together are the text, however it was cut', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('N', 'NO', 'NO-', 'NO-ANSWE', 'Yes', ' ', '<think', '>', '。', '\ud83d', '\ude00', '**'),
      ),
      (pieces) => {
        const { text, drafts, refused } = through(pieces);
        if (!refused) expect(drafts.trimEnd()).toBe(text);
        expect(drafts.toLowerCase()).not.toContain('no-answer');
      },
    ),
    { numRuns: 500 },
  );
});

test('the letters that are read for a text grow with its length, not with its square', () => {
  const lettersRead = (length: number) => {
    let letters = 0;
    const readText = createReadText([]);
    const gate = createDraftGate({
      refusal: 'NO-ANSWER',
      passages: 3,
      readText: (raw, isComplete) => {
        letters += raw.length;
        return readText(raw, isComplete);
      },
      pass: () => {},
    });
    for (let at = 0; at < length; at += 5) gate.push('<a>b ');
    gate.end();
    return letters;
  };
  expect(lettersRead(80_000) / lettersRead(40_000)).toBeLessThan(2.5);
});
