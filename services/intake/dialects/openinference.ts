/** OpenInference: Arize's and Phoenix's instrumentations. */

import type { ExternalDocument } from '../external-turn.ts';
import { documentOf, documentsIn, mergedDocuments } from '../spans/documents.ts';
import { lastText, type Message, messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import type { Attributes } from '../spans/span.ts';
import { usageFrom } from '../spans/usage.ts';
import { type Fields, firstName, isFields, nameOf, numberOf, unflattened, unpacked } from '../spans/values.ts';

const kinds: Readonly<Record<string, Kind>> = {
  LLM: 'model',
  CHAIN: 'step',
  AGENT: 'agent',
  RETRIEVER: 'retriever',
  RERANKER: 'reranker',
  EMBEDDING: 'embedding',
  TOOL: 'tool',
  EVALUATOR: 'evaluation',
};

export const openinference: Dialect = {
  name: 'openinference',
  read({ attributes }) {
    const named = nameOf(attributes['openinference.span.kind'])?.toUpperCase();
    const flat = Object.keys(attributes).some((key) =>
      /^(llm\.(input_messages|output_messages|token_count|model_name)|retrieval\.documents\.)/.test(key),
    );
    if (named === undefined && !flat) return null;
    const kind = kinds[named ?? ''] ?? (named !== undefined ? 'step' : flatKind(attributes));
    const input = attributes['input.value'];
    const output = attributes['output.value'];
    const asked = kind === 'step' || kind === 'agent' ? questionIn(input) : null;
    const searched = kind === 'retriever' || kind === 'embedding' || kind === 'reranker' ? queryOf(attributes) : null;
    const metadata = fieldsOf(attributes.metadata);
    const parameters = fieldsOf(attributes['llm.invocation_parameters']);
    return {
      kind,
      question: asked,
      query: searched,
      messages: kind === 'model' ? promptOf(attributes) : [],
      answer: kind === 'step' || kind === 'agent' || kind === 'model' ? answerOf(attributes, kind === 'model') : null,
      documents:
        kind === 'retriever' || kind === 'reranker' || kind === 'tool' ? documentsOf(attributes, kind, output) : null,
      model: firstName(attributes, ['llm.model_name', 'embedding.model_name', 'reranker.model_name']),
      usage: usageFrom(attributes, {
        prompt: ['llm.token_count.prompt'],
        cached: ['llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input'],
        written: ['llm.token_count.prompt_details.cache_write'],
        completion: ['llm.token_count.completion'],
        reasoning: ['llm.token_count.completion_details.reasoning'],
        total: ['llm.token_count.total'],
      }),
      temperature: numberOf(parameters.temperature),
      finishReason: nameOf(attributes['llm.finish_reason']),
      user: firstName(attributes, ['user.id']) ?? firstName(metadata, ['user_id', 'userId', 'user']),
      session:
        firstName(attributes, ['session.id']) ??
        firstName(metadata, ['session_id', 'sessionId', 'thread_id', 'threadId', 'conversation_id', 'conversationId']),
      tenant: firstName(metadata, ['tenant', 'tenant_id', 'tenantId']),
      release: firstName(metadata, ['release', 'app_version', 'prompt_version']),
    };
  },
};

function fieldsOf(value: Attributes[string] | undefined): Fields {
  const fields = unpacked(value);
  return isFields(fields) ? fields : {};
}

function flatKind(attributes: Attributes): Kind {
  return Object.keys(attributes).some((key) => key.startsWith('retrieval.')) ? 'retriever' : 'model';
}

function queryOf(attributes: Attributes): string | null {
  const embedded = unflattened(attributes, 'embedding.embeddings').map(({ embedding }) =>
    isFields(embedding) ? nameOf(embedding.text) : null,
  );
  // Several texts are documents that are being indexed.
  return (
    firstName(attributes, ['reranker.query']) ??
    questionIn(attributes['input.value']) ??
    (embedded.length === 1 ? (embedded[0] ?? null) : null)
  );
}

function promptOf(attributes: Attributes): readonly Message[] {
  const flat = messagesIn(unflattened(attributes, 'llm.input_messages'));
  if (flat.length > 0) return flat;
  const whole = messagesIn(attributes['input.value']);
  if (whole.length > 0) return whole;
  const text = questionIn(attributes['input.value']);
  return text === null ? [] : [{ role: 'user', text }];
}

function answerOf(attributes: Attributes, ofModel: boolean): string | null {
  const flat = messagesIn(unflattened(attributes, 'llm.output_messages'));
  const text = lastText(flat, 'assistant') ?? lastText(flat, 'unknown');
  // LlamaIndex prints a role before the text.
  return text ?? answerIn(attributes['output.value'])?.replace(ofModel ? /^assistant: / : '', '') ?? null;
}

function documentsOf(
  attributes: Attributes,
  kind: Kind,
  output: Attributes[string] | undefined,
): readonly ExternalDocument[] | null {
  const prefix = kind === 'reranker' ? 'reranker.output_documents' : 'retrieval.documents';
  const flat = unflattened(attributes, prefix).map((item) => {
    const fields = isFields(item.document) ? item.document : item;
    return documentOf({ ...fields, metadata: unpacked(fields.metadata) }, 1);
  });
  const complete = flat.length > 0 && flat.every((document) => document !== null);
  return mergedDocuments([complete ? (flat as readonly ExternalDocument[]) : null, documentsIn(output, false)]);
}
