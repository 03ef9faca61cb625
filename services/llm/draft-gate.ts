/** Passes a model's text on as it arrives, and holds back what a reader must not see: thoughts and the refusal marker. */
import { findMarks } from '../chat/citations/marks.ts';
import { mayBeThought, type ReadText } from './thinking.ts';

export type DraftGate = {
  readonly push: (piece: string) => void;
  /** The whole text, once the model is done; empty where it refused to answer. */
  readonly end: () => string;
  /** Whether the model has refused so far. */
  readonly refused: () => boolean;
  /** Whether the text contained a thought that ended without having begun. */
  readonly hadBareThought: () => boolean;
};

/**
 * @param refusal the marker that the model writes where it cannot answer. It is recognised in any case and with any separators
 * between its words. No draft shows a part of it. Cited text before it stays: the model answered a part of the question.
 * @param pass receives the pieces that certainly belong to the answer
 * @param holdUntilThought true for models that end thoughts without opening them: nothing is passed before that end
 */
export function createDraftGate({
  refusal,
  passages,
  readText,
  pass,
  holdUntilThought = false,
}: {
  refusal: string;
  passages: number;
  readText: ReadText;
  pass: (text: string) => void;
  holdUntilThought?: boolean;
}): DraftGate {
  let raw = '';
  let passed = 0;
  let readLength = 0;
  let hadBareThought = false;
  const words = refusal.split(/[^\p{L}]+/u);
  const marker = new RegExp(`[*_\`"'“「]{0,3}${words.join('[^\\p{L}\\p{N}]{0,4}')}`, 'iu');
  const letters = words.join('').toLowerCase();

  const read = (isComplete: boolean) => {
    const readable = readText(raw, isComplete);
    // What was passed before belonged to the thought.
    if (readable.hadBareEnd && !hadBareThought) passed = 0;
    hadBareThought ||= readable.hadBareEnd;
    return readable.text;
  };
  /** What precedes the marker, where that is cited; null where the model refused, the whole text where there is no marker. */
  const answerIn = (text: string): string | null => {
    const at = marker.exec(text)?.index;
    if (at === undefined) return text;
    const before = text.slice(0, at);
    return findMarks(before, { count: passages, texts: [] }).length > 0 ? before : null;
  };
  const release = (text: string, upTo: number) => {
    if (upTo <= passed) return;
    const piece = text.slice(passed, upTo);
    passed = upTo;
    pass(piece);
  };

  return {
    push(piece) {
      raw += piece;
      // Each reading takes the whole text, so a long one is read in larger steps: the work grows with its length alone.
      if (raw.length - readLength < raw.length / STEPS - LEAST_STEP) return;
      readLength = raw.length;
      const text = read(false);
      if (marker.test(text)) return;
      if (!hadBareThought && (holdUntilThought || mayBeThought(text))) return;
      // Nothing but punctuation so far may be the emphasis around a refusal.
      if (/[\p{L}\p{N}]/u.test(text)) release(text, text.length - heldBack(text, letters));
    },
    end() {
      const text = answerIn(read(true))?.trimEnd() ?? '';
      if (/\S/.test(text)) release(text, text.length);
      return text;
    },
    refused: () => answerIn(read(true)) === null,
    hadBareThought: () => hadBareThought,
  };
}

/** A text of up to STEPS × LEAST_STEP characters is read with every piece, a longer one when it has grown by this part of it. */
const STEPS = 32;
const LEAST_STEP = 128;
const LONGEST_TAIL = 60;

/** Characters at the end that may be the beginning of the marker, half a surrogate pair included. */
function heldBack(text: string, letters: string): number {
  const tail = text.slice(-LONGEST_TAIL);
  for (const { index } of tail.matchAll(/(?<![\p{L}\p{N}])[*_`"'“「]{0,3}\p{L}/gu)) {
    const rest = tail.slice(index);
    if (/[\p{N}\n]/u.test(rest) || /[^\p{L}]{5}/u.test(rest)) continue;
    if (letters.startsWith(rest.replace(/[^\p{L}]/gu, '').toLowerCase())) return rest.length;
  }
  const emphasis = /[*_`"'“「]{1,3}$/.exec(tail)?.[0].length ?? 0;
  return Math.max(emphasis, /[\ud800-\udbff]$/.test(text) ? 1 : 0);
}
