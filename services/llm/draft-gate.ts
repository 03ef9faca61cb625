/** Passes a model's text on as it comes, and holds back what a reader must not see: thoughts and the agreed refusal. */

type DraftGate = {
  readonly push: (piece: string) => void;
  /** The whole text, once the model is done; empty where it refused to answer. */
  readonly end: () => string;
  /** Whether the model has refused so far. */
  readonly refused: () => boolean;
};

const thought = '<think>';
const endOfThought = '</think>';

/**
 * @param refusal what the model writes where it cannot answer, in any case and wherever in the text. It is held back from its
 * first letter on, so a draft never shows a part of it.
 * @param pass given the pieces that are certain to belong to an answer
 */
export function createDraftGate(refusal: string, pass: (text: string) => void): DraftGate {
  let raw = '';
  let passed = 0;
  const lowerRefusal = refusal.toLowerCase();

  const refused = () => (withoutThought(raw) ?? '').toLowerCase().includes(lowerRefusal);

  const release = (text: string, upTo: number) => {
    if (upTo <= passed) return;
    const piece = text.slice(passed, upTo);
    passed = upTo;
    pass(piece);
  };

  return {
    push(piece) {
      raw += piece;
      const text = withoutThought(raw);
      if (text === null || refused()) return;
      // Nothing but punctuation so far may be the emphasis around a refusal.
      if (/[\p{L}\p{N}]/u.test(text)) release(text, text.length - heldBack(text, lowerRefusal));
    },
    end() {
      const text = withoutThought(raw) ?? '';
      if (refused()) return '';
      if (/\S/.test(text)) release(text, text.length);
      return text.trimEnd();
    },
    refused,
  };
}

/** Null while it cannot be told yet whether the answer has begun. */
function withoutThought(raw: string): string | null {
  const text = raw.trimStart();
  if (text === '' || (text.length < thought.length && thought.startsWith(text))) return null;
  if (!text.startsWith(thought)) return text;
  const end = text.indexOf(endOfThought);
  if (end === -1) return null;
  const after = text.slice(end + endOfThought.length).trimStart();
  return after === '' ? null : after;
}

/** Letters at the end that may be the beginning of the refusal, half a surrogate pair included. */
function heldBack(text: string, refusal: string): number {
  const tail = text.slice(-refusal.length).toLowerCase();
  for (let length = Math.min(tail.length, refusal.length - 1); length > 0; length -= 1) {
    if (refusal.startsWith(tail.slice(-length))) return length;
  }
  return /[\ud800-\udbff]$/.test(text) ? 1 : 0;
}
