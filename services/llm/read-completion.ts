/** Reads the response to a chat completion, streamed or whole, in the dialects of the field. */
import { LONGEST_RESPONSE } from './model-client.ts';
import { ReportedError } from './model-failure.ts';

/** What one event of a stream, or a whole completion, contains. */
export type CompletionPart = {
  /** Text of the answer. Reasoning in fields or parts of its own is left out. */
  readonly text: string;
  /** Text in which the model refuses, in a field of its own. */
  readonly refusal: string;
  readonly callsTool: boolean;
  /** In the words of OpenAI; null while the model goes on. */
  readonly finishReason: string | null;
  /** Empty where the event does not name it. */
  readonly model: string;
  /** The event itself, in which usage may be anywhere. */
  readonly event: Fields;
};

/** The end of a stream: `[DONE]`. */
export const DONE = Symbol('[DONE]');

type Fields = Readonly<Record<string, unknown>>;

/**
 * Yields the events of a response. A body that is one JSON document, or one a line, is read like a stream.
 * @param heard called for every received chunk of bytes, comments included
 * @throws {ReportedError} where the server reports an error; {SyntaxError} for what is not JSON
 */
export async function* readCompletion(
  response: Response,
  heard: () => void,
): AsyncGenerator<CompletionPart | typeof DONE> {
  for await (const data of eventData(response, heard)) {
    if (data.trim() === '[DONE]') {
      yield DONE;
      continue;
    }
    const event: unknown = JSON.parse(data);
    if (!isFields(event)) continue;
    if (event.error !== undefined && event.error !== null) throw new ReportedError(event.error);
    if (event.object === 'error' || event.type === 'error') throw new ReportedError(event);
    yield partOf(event);
  }
}

async function* eventData(response: Response, heard: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let buffer = '';
  let length = 0;
  let fields: string[] = [];
  let isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  let known = isStream;
  for await (const bytes of response.body ?? []) {
    heard();
    buffer += decoder.decode(bytes, { stream: true });
    length += bytes.length;
    if (length > LONGEST_RESPONSE) throw new ReportedError({ code: 'response_too_long' });
    if (!known && buffer.trim() !== '') {
      known = true;
      isStream = !/^[\s\ufeff]*[[{]/.test(buffer);
    }
    // Some servers label a whole completion, or an error, as a stream.
    if (!isStream || /^\s*[[{]/.test(buffer)) continue;
    // A carriage return at the end may be half of a line break.
    const lines = buffer.split(/\r\n|\n|\r(?!$)/);
    buffer = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (fields.length > 0) yield fields.join('\n');
        fields = [];
      } else if (line.startsWith('data:')) fields.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    }
  }
  buffer += decoder.decode();
  if (/^\s*[[{]/.test(buffer)) {
    yield* wholeDocuments(buffer);
    return;
  }
  const last = buffer.replace(/[\r\n]+$/, '');
  if (last.startsWith('data:')) fields.push(last.slice(5).trimStart());
  if (fields.length > 0) yield fields.join('\n');
}

/** One JSON document, or one a line. */
function wholeDocuments(body: string): readonly string[] {
  try {
    JSON.parse(body);
    return [body];
  } catch {
    return body.split('\n').filter((line) => line.trim() !== '');
  }
}

function partOf(event: Fields): CompletionPart {
  const choice = first(event.choices) ?? {};
  const message = fieldsIn(choice, 'delta') ?? fieldsIn(choice, 'message') ?? {};
  const text = textOf(message.content) || textOf(choice.text);
  const finish = ['finish_reason', 'finishReason', 'stop_reason', 'stopReason']
    .map((name) => choice[name] ?? event[name])
    .find((value) => typeof value === 'string' && value !== '');
  const calls = message.tool_calls ?? message.toolCalls;
  return {
    text,
    refusal: typeof message.refusal === 'string' ? message.refusal : refusalIn(message.content),
    callsTool: (Array.isArray(calls) && calls.length > 0) || isFields(message.function_call),
    finishReason: typeof finish === 'string' ? finishReason(finish) : null,
    model: typeof event.model === 'string' ? event.model : '',
    event,
  };
}

/** Content is a text, a part, or a list of parts, of which some are thoughts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(textOf).join('');
  if (!isFields(content)) return '';
  const { type, text } = content;
  if (typeof type === 'string' && !/^(?:output_)?text$/.test(type)) return '';
  return content.thought === true
    ? ''
    : typeof text === 'string'
      ? text
      : fieldsIn(content, 'text')
        ? textOf(text)
        : '';
}

function refusalIn(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .filter(isFields)
    .map(({ type, refusal }) => (type === 'refusal' && typeof refusal === 'string' ? refusal : ''))
    .join('');
}

const finishReasons: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:stop|stop_sequence|end|end_turn|end_of_turn|eos|eos_token|eos_found|done|complete|completed|finished?|normal)$/,
    'stop',
  ],
  [
    /^(?:length|max_length|max_tokens|max_(?:output|completion|new)_tokens|model_length|token_limit|truncated|incomplete)$/,
    'length',
  ],
  [
    /content_filter|safety|recitation|blocklist|prohibited|spii|sensitive|guardrail|moderation|^blocked$|filtered/,
    'content_filter',
  ],
  [/^(?:tool_calls?|tool_use|function_calls?|malformed_function_call|unexpected_tool_call)$/, 'tool_calls'],
  [/^refus(?:al|ed)$/, 'refusal'],
];

/** In any spelling: `STOP`, `MAX_TOKENS`, `FinishReason.SAFETY`, `contentFilter`, `end_turn`. */
export function finishReason(written: string): string {
  const word = written
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?:finish_reason|stop_reason)_/, '')
    .slice(0, 40);
  return finishReasons.find(([pattern]) => pattern.test(word))?.[1] ?? word;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsIn(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  return isFields(value) ? value : null;
}

function first(list: unknown): Fields | null {
  const value: unknown = Array.isArray(list) ? list[0] : list;
  return isFields(value) ? value : null;
}
