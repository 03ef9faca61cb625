/** Masks what a service's patterns match, before a text is stored or compared. */
import { type ExternalTurn, TurnRefused } from './external-turn.ts';

export type Mask = { readonly pattern: string; readonly replacement: string };

export type MaskText = (text: string) => string;

/** @returns why the pattern cannot be used; null: it can */
export function maskFault({ pattern }: Mask): string | null {
  if (pattern === '') return 'is empty';
  try {
    const compiled = compile(pattern);
    return compiled.test('') ? 'matches the empty text' : null;
  } catch {
    return 'is not a regular expression';
  }
}

/** @throws {TurnRefused} for a mask that cannot be used: nothing is stored unmasked */
export function createMaskText(masks: readonly Mask[]): MaskText {
  if (masks.some((mask) => maskFault(mask) !== null)) {
    throw new TurnRefused('mask_failed', 'a mask of this service is not a usable regular expression');
  }
  const compiled = masks.map(({ pattern, replacement }) => ({ pattern: compile(pattern), replacement }));
  // A function, so that `$` in a replacement is text.
  return (text) => compiled.reduce((masked, mask) => masked.replace(mask.pattern, () => mask.replacement), text);
}

/** Masks the texts of a turn: question, answer, and what documents say. Ids and addresses are not texts. */
export function maskTurn(turn: ExternalTurn, mask: MaskText): ExternalTurn {
  const or = (text: string | null) => (text === null ? null : mask(text));
  return {
    ...turn,
    question: or(turn.question),
    answer: or(turn.answer),
    documents:
      turn.documents?.map((document) => ({ ...document, text: or(document.text), title: or(document.title) })) ?? null,
  };
}

function compile(pattern: string): RegExp {
  return new RegExp(pattern, 'gu');
}
