/** Keeps text of documents and users from acting as a tag of the prompt or as a control token of a model's chat template. */

/**
 * Invisible. Put into a control token, it makes ordinary text of it for a tokenizer. Excerpts are compared without it, so
 * citations of the text stay valid.
 */
export const JOINER = '\u2060';

const names =
  's|bos|eos|unk|pad|mask|sep|cls|sop|eop|eot|eom|eoh|eoa|system|user|assistant|human|bot|model|tool|think|thinking';
const control = new RegExp(
  [
    // ChatML, Llama 3, Phi, Cohere, DeepSeek: <|im_start|>, <|eot_id|>, <｜User｜>
    '[<＜](?=/?[|｜])',
    // Llama 2, Gemma, ChatGLM, Baichuan: <s>, <start_of_turn>, <sop>, <reserved_106>, <<SYS>>
    `[<＜](?=/?(?:${names}|[a-z]+(?:_[a-z0-9]+)+|unused\\d+)[>＞])`,
    '<(?=</?SYS>)',
    // Llama 2, Mistral, BERT: [INST], [/INST], [TOOL_CALLS], [gMASK]
    '[[［](?=/?(?:gMASK|sMASK|[A-Z]{2,}(?:_[A-Z]+)*)[\\]］])',
    // Alpaca and Vicuna write roles in words.
    '^#{2,3}(?=\\s*(?:instruction|response|input|system|user|assistant|human)s?\\b)',
    '^[ \\t]*(?:human|assistant|user|system|ai)(?=\\s*[:：])',
  ].join('|'),
  'gimu',
);

/** The same text for readers and for comparisons, but without control tokens. */
export function breakControlTokens(text: string): string {
  return text.replace(control, `$&${JOINER}`);
}

/**
 * As `breakControlTokens`, and without tags of these names.
 * @param tags of the prompt, as a part of a regular expression: `passage|question`
 */
export function keepInPlace(text: string, tags: string): string {
  return breakControlTokens(text.replace(new RegExp(`[<＜](?=\\s*/?\\s*(?:${tags}))`, 'giu'), `$&${JOINER}`));
}
