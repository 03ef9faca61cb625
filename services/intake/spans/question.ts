/** Finds the question and the answer in the input and the output of a span. */
import { contentText, lastText, messagesIn } from './messages.ts';
import type { Value } from './span.ts';
import { type Fields, isFields, isList, maxDepth, textOf, unpacked } from './values.ts';

const questionNames = [
  'question',
  'query',
  'user_query',
  'userQuery',
  'user_question',
  'user_input',
  'userInput',
  'user_message',
  'query_str',
  'queryText',
  'sys.query',
  'q',
  'prompt',
  'message',
  'input',
  'inputs',
  'text',
  'content',
  'query_bundle',
  'qb',
  'args',
  'kwargs',
  'data',
  'request',
  'body',
];

const answerNames = [
  'answer',
  'response',
  'output',
  'outputs',
  'output_text',
  'result',
  'results',
  'text',
  'completion',
  'content',
  'message',
  'reply',
  'replies',
  'choices',
  'generations',
  'candidates',
  'return_value',
  'value',
  'llm',
  'generator',
  'data',
];

/** The text that a user asked, in the input of a chain, an agent or a retriever. Null where no text is recognisable. */
export function questionIn(value: Value | undefined): string | null {
  return find(value, questionNames, 'user', 0);
}

/** The text that was answered, in the output of a chain, an agent or a model. */
export function answerIn(value: Value | undefined): string | null {
  return find(value, answerNames, 'assistant', 0);
}

function find(
  value: Value | undefined,
  names: readonly string[],
  role: 'user' | 'assistant',
  depth: number,
): string | null {
  if (depth > maxDepth) return null;
  const current = unpacked(value);
  if (typeof current === 'string') return isPrintedObject(current) ? null : textOf(current);
  const messages = messagesIn(current);
  if (messages.length > 0)
    return lastText(messages, role) ?? (role === 'assistant' ? lastText(messages, 'unknown') : null);
  if (isList(current)) {
    for (const item of current) {
      const found = find(item, names, role, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  return isFields(current) ? inFields(current, names, role, depth) : null;
}

function inFields(fields: Fields, names: readonly string[], role: 'user' | 'assistant', depth: number): string | null {
  for (const name of names) {
    if (!Object.hasOwn(fields, name)) continue;
    const found = find(fields[name], names, role, depth + 1);
    if (found !== null) return found;
  }
  const content = contentText(fields);
  if (content !== null) return content;
  const only = Object.values(fields).filter((item) => item !== null && item !== '');
  return only.length === 1 ? find(only[0], names, role, depth + 1) : null;
}

/** Objects that a program printed, such as Python's `ChatMessage(_role=<…>)`. They are no text of a user. */
function isPrintedObject(text: string): boolean {
  return /^[A-Z]\w*\(_?\w+=/.test(text) || /^<[\w.]+( object)? at 0x/.test(text) || text === '[object Object]';
}

const labelled =
  /(?:^|\n)[ \t#*]*(?:user(?:'s)? )?(?:question|query|input|質問|ユーザーの質問|問い合わせ|お問い合わせ)[ \t*]*[:：][ \t*]*\n?([\s\S]+?)\s*(?:\n+[ \t#*]*(?:(?:helpful |your |final )?answer|response|assistant|回答|答え)[ \t*]*[:：]?[ \t*]*)?$/i;

/**
 * The question within a rendered prompt, such as "[1] passage … Question: when?". The last label wins. A prompt without
 * such a label is returned whole.
 */
export function questionOfPrompt(prompt: string): string {
  let rest = prompt.trim();
  let found: string | null = null;
  for (let round = 0; round < 8; round += 1) {
    const match = labelled.exec(rest)?.[1];
    if (match === undefined) break;
    found = match.trim();
    rest = `\n${match}`;
  }
  return found ?? prompt.trim();
}

/** Whether a message was composed from a template with passages, rather than typed by a user. */
export function isComposed(message: string): boolean {
  return (
    message.length > 2_000 ||
    questionOfPrompt(message) !== message.trim() ||
    /^\s*(\[1\]|<context>|<documents?>|<source)/im.test(message) ||
    /^[ \t#*]*(context|passages|documents|参考|資料|コンテキスト)[^\n]{0,40}[:：]?\s*$/im.test(message)
  );
}
