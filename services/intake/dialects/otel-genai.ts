/** OpenTelemetry's semantic conventions for generative AI: the current attributes, and the events of earlier versions. */
import { documentsIn } from '../spans/documents.ts';
import { lastText, type Message, messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import type { Attributes, Span, Value } from '../spans/span.ts';
import { usageFrom } from '../spans/usage.ts';
import {
  firstName,
  firstNumber,
  firstValue,
  isFields,
  isList,
  nameOf,
  textOf,
  unflattened,
  unpacked,
} from '../spans/values.ts';

const kinds: Readonly<Record<string, Kind>> = {
  chat: 'model',
  text_completion: 'model',
  completion: 'model',
  generate_content: 'model',
  generatetext: 'model',
  streamtext: 'model',
  responses: 'model',
  inference: 'model',
  embeddings: 'embedding',
  embedding: 'embedding',
  retrieval: 'retriever',
  retrieve: 'retriever',
  vector_db_retrieve: 'retriever',
  framework_retriever: 'retriever',
  search: 'retriever',
  rerank: 'reranker',
  reranking: 'reranker',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  create_agent: 'step',
  invoke_workflow: 'step',
  evaluate: 'evaluation',
  evaluation: 'evaluation',
};

export const otelGenai: Dialect = {
  name: 'otel-genai',
  read(span) {
    const { attributes } = span;
    const events = span.events.filter(({ name, attributes: own }) => name.startsWith('gen_ai.') || hasGenai(own));
    if (!hasGenai(attributes) && events.length === 0) return null;
    const kind = kindOf(attributes, events.length > 0);
    const prompt = promptOf(attributes, events);
    return {
      kind,
      messages: prompt,
      question: textOf(unpacked(firstValue(attributes, ['gen_ai.workflow.input', 'gen_ai.agent.input']))),
      answer: answerOf(attributes, events),
      query: firstName(attributes, [
        'gen_ai.retrieval.query.text',
        'gen_ai.prompt.variable.question',
        'gen_ai.prompt.variable.query',
      ]),
      documents:
        documentsIn(attributes['gen_ai.retrieval.documents'], true) ??
        (kind === 'tool' ? documentsOfTool(attributes, events) : null),
      model: firstName(attributes, [
        'gen_ai.response.model',
        'gen_ai.request.model',
        'llm.response.model',
        'llm.request.model',
      ]),
      usage: usageFrom(attributes, tokenKeys, semantics(attributes)),
      temperature: firstNumber(attributes, ['gen_ai.request.temperature']),
      finishReason: finishReasonOf(attributes),
      responseId: firstName(attributes, ['gen_ai.response.id']),
      firstTokenMs: firstTokenOf(attributes),
      user: firstName(attributes, [
        'gen_ai.user.id',
        'user.id',
        'enduser.id',
        'gen_ai.openai.request.user',
        'llm.user',
      ]),
      session: firstName(attributes, ['gen_ai.conversation.id', 'session.id']),
      errorType: firstName(attributes, ['error.type']),
    };
  },
};

const tokenKeys = {
  prompt: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens'],
  cached: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.input_tokens.cached',
    'gen_ai.usage.cached_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cached_tokens',
    'gen_ai.usage.input_token_details.cache_read',
    'llm.usage.cache_read_input_tokens',
  ],
  written: [
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.details.cache_write_tokens',
  ],
  completion: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.usage.completion_tokens'],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.details.reasoning_tokens',
    'gen_ai.usage.output_token_details.reasoning',
  ],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens'],
};

function hasGenai(attributes: Attributes): boolean {
  return Object.keys(attributes).some(
    (key) => key.startsWith('gen_ai.') || key.startsWith('llm.re') || key.startsWith('llm.usage'),
  );
}

/** Words in the names of tools that search: a list of texts that one returns is one of documents. */
const searches = /search|retriev|knowledge|document|passage|lookup|(^|[^a-z])(rag|kb|faq)([^a-z]|$)/i;

function documentsOfTool(attributes: Attributes, events: Span['events']) {
  const anyText = searches.test(firstName(attributes, ['gen_ai.tool.name']) ?? '');
  const ofEvents = events.map(({ attributes: own }) =>
    firstValue(own, ['gen_ai.tool.call.result', 'message', 'content']),
  );
  const results = [
    firstValue(attributes, ['gen_ai.tool.call.result', 'gen_ai.tool.result', 'gen_ai.tool.output', 'tool_response']),
    ...ofEvents,
  ];
  for (const result of results) {
    const found = documentsIn(result, anyText) ?? documentsIn(textsIn(result), anyText);
    if (found !== null && found.length > 0) return found;
  }
  return null;
}

/** Tools of the Model Context Protocol return a list of typed texts, which may hold JSON. */
function textsIn(result: Value | undefined): Value | undefined {
  const value = unpacked(result);
  const parts = isFields(value) ? unpacked(value.content) : value;
  if (!isList(parts)) return undefined;
  const texts = parts.map((part) => {
    const fields = unpacked(part);
    return isFields(fields) ? (fields.text ?? fields.json ?? null) : null;
  });
  if (texts.length === 0 || texts.includes(null)) return undefined;
  return texts.length === 1 ? texts[0] : texts;
}

/** Whether the prompt's tokens leave out cached ones; undefined where the span does not say so. */
function semantics(attributes: Attributes): boolean | undefined {
  const said = nameOf(attributes['gen_ai.token.semantics'])?.toLowerCase();
  return said === undefined ? undefined : said.includes('exclusive');
}

function kindOf(attributes: Attributes, hasEvents: boolean): Kind {
  const operation = firstName(attributes, [
    'gen_ai.operation.name',
    'llm.request.type',
    'gen_ai.span.kind',
  ])?.toLowerCase();
  const known =
    operation === undefined ? undefined : (kinds[operation] ?? kinds[operation.replace(/^rerank.*/, 'rerank')]);
  if (known !== undefined) return known;
  if (operation !== undefined && attributes['gen_ai.retrieval.documents'] === undefined) {
    return /llm|generation/.test(operation) ? 'model' : 'step';
  }
  if (
    attributes['gen_ai.retrieval.documents'] !== undefined ||
    attributes['gen_ai.retrieval.query.text'] !== undefined
  ) {
    return 'retriever';
  }
  if (attributes['gen_ai.tool.name'] !== undefined) return 'tool';
  const model = firstName(attributes, ['gen_ai.request.model', 'gen_ai.response.model', 'llm.request.model']);
  const called = model !== null && (usageFrom(attributes, tokenKeys) !== null || hasEvents || hasMessages(attributes));
  return called || (model !== null && attributes['gen_ai.agent.name'] === undefined) ? 'model' : 'step';
}

function hasMessages(attributes: Attributes): boolean {
  return Object.keys(attributes).some((key) => /^gen_ai\.(input|output|prompt|completion)/.test(key));
}

function promptOf(attributes: Attributes, events: Span['events']): readonly Message[] {
  const current = messagesIn(attributes['gen_ai.input.messages']);
  const system =
    messagesIn(attributes['gen_ai.system_instructions']).length === 0 ? textOfInstructions(attributes) : null;
  const instructions: Message[] = system === null ? [] : [{ role: 'system', text: system }];
  if (current.length > 0) return [...instructions, ...current];
  const flat = messagesIn(unflattened(attributes, 'gen_ai.prompt'));
  if (flat.length > 0) return flat;
  const whole = messagesIn(firstValue(attributes, ['gen_ai.prompt', 'gen_ai.request.messages', 'llm.prompts']));
  if (whole.length > 0) return whole;
  const ofEvents = events.flatMap(promptOfEvent);
  if (ofEvents.length > 0) return [...instructions, ...ofEvents];
  const text = textOf(firstValue(attributes, ['gen_ai.prompt', 'gen_ai.request.prompt']));
  return text === null ? instructions : [...instructions, { role: 'user', text }];
}

function textOfInstructions(attributes: Attributes): string | null {
  const value = unpacked(attributes['gen_ai.system_instructions']);
  if (typeof value === 'string') return textOf(value);
  if (!isList(value)) return null;
  return textOf(
    value.map((part) => (isFields(part) ? (textOf(part.content) ?? textOf(part.text) ?? '') : '')).join('\n'),
  );
}

const messageEvent = /^gen_ai\.(system|user|assistant|tool)\.message$/;

function promptOfEvent({ name, attributes }: Span['events'][number]): readonly Message[] {
  const role = messageEvent.exec(name)?.[1] as Message['role'] | undefined;
  if (role !== undefined) {
    const text = eventText(attributes);
    return text === null ? [] : [{ role, text }];
  }
  if (name === 'gen_ai.choice' || name === 'gen_ai.content.completion') return [];
  const messages = messagesIn(
    firstValue(attributes, ['gen_ai.input.messages', 'gen_ai.prompt', 'gen_ai.event.content']),
  );
  if (messages.length > 0) return messages;
  const text = textOf(attributes['gen_ai.prompt']);
  return text === null ? [] : [{ role: 'user', text }];
}

/** An event's content is in its body, in an attribute, or as JSON in one of them. */
function eventText(attributes: Attributes): string | null {
  for (const key of ['body', 'gen_ai.event.content', 'content', 'message', 'gen_ai.content']) {
    const value = unpacked(attributes[key]);
    const found = typeof value === 'string' ? textOf(value) : (answerIn(value) ?? questionIn(value));
    if (found !== null) return found;
  }
  return null;
}

function answerOf(attributes: Attributes, events: Span['events']): string | null {
  const current = messagesIn(attributes['gen_ai.output.messages']);
  const text = lastText(current, 'assistant') ?? lastText(current, 'unknown');
  if (text !== null) return text;
  const flat = unflattened(attributes, 'gen_ai.completion');
  const ofFlat = flat.length > 0 ? (lastText(messagesIn(flat), 'assistant') ?? answerIn(flat as Value)) : null;
  if (ofFlat !== null) return ofFlat;
  const whole = answerIn(
    firstValue(attributes, [
      'gen_ai.completion',
      'gen_ai.workflow.output',
      'gen_ai.agent.output',
      'gen_ai.output.text',
      'gen_ai.response.text',
    ]),
  );
  if (whole !== null) return whole;
  for (const event of events.toReversed()) {
    const found = answerOfEvent(event);
    if (found !== null) return found;
  }
  return null;
}

function answerOfEvent({ name, attributes }: Span['events'][number]): string | null {
  if (name === 'gen_ai.choice') return eventText(attributes);
  if (messageEvent.test(name)) return null;
  const messages = messagesIn(attributes['gen_ai.output.messages']);
  return lastText(messages, 'assistant') ?? lastText(messages, 'unknown') ?? answerIn(attributes['gen_ai.completion']);
}

function finishReasonOf(attributes: Attributes): string | null {
  const reasons = unpacked(
    firstValue(attributes, [
      'gen_ai.response.finish_reasons',
      'gen_ai.response.finish_reason',
      'gen_ai.completion.0.finish_reason',
    ]),
  );
  const first = isList(reasons) ? reasons.at(-1) : reasons;
  return nameOf(first)?.toLowerCase() ?? null;
}

function firstTokenOf(attributes: Attributes): number | null {
  const seconds = firstNumber(attributes, [
    'gen_ai.response.time_to_first_chunk',
    'gen_ai.client.operation.time_to_first_chunk',
    'gen_ai.server.time_to_first_token',
  ]);
  // Without streaming the whole answer is the first piece, which some SDKs report.
  return seconds === null || seconds <= 0 || attributes['gen_ai.request.stream'] === false ? null : seconds * 1_000;
}
