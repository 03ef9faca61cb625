/** Turns the words that model servers use for the end of an answer into those of our own turns. */

const words: Readonly<Record<string, string>> = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  eos: 'stop',
  complete: 'stop',
  completed: 'stop',
  finished: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
};

/** In snake case; null: not reported. */
export function finishReasonOf(reported: string | null): string | null {
  const word = reported
    ?.trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/^finish_reason_/, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (word === undefined || word === '' || word === 'null' || word === 'unknown') return null;
  return words[word] ?? word;
}
