/** LangSmith's OpenTelemetry exporter. Its operation of a retriever is `embeddings`, so its own kind comes first. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import { usageIn } from '../spans/usage.ts';
import { firstName, firstValue, nameOf } from '../spans/values.ts';

const kinds: Readonly<Record<string, Kind>> = {
  llm: 'model',
  chain: 'step',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  prompt: 'step',
  parser: 'step',
};

export const langsmith: Dialect = {
  name: 'langsmith',
  read({ attributes }) {
    if (!Object.keys(attributes).some((key) => key.startsWith('langsmith.'))) return null;
    const kind = kinds[nameOf(attributes['langsmith.span.kind'])?.toLowerCase() ?? ''];
    const input = firstValue(attributes, ['gen_ai.prompt', 'input.value', 'inputs']);
    const output = firstValue(attributes, ['gen_ai.completion', 'output.value', 'outputs']);
    const metadata = (names: readonly string[]) =>
      firstName(
        attributes,
        names.map((name) => `langsmith.metadata.${name}`),
      );
    return {
      kind,
      question: kind === 'step' ? questionIn(input) : null,
      query: kind === 'retriever' ? questionIn(input) : null,
      messages: kind === 'model' ? messagesIn(input) : [],
      answer: kind === 'step' || kind === 'model' ? answerIn(output) : null,
      documents: kind === 'retriever' || kind === 'tool' ? documentsIn(output, kind === 'retriever') : null,
      model: metadata(['ls_model_name']),
      usage: usageIn(attributes['langsmith.metadata.usage_metadata']),
      user: metadata(['user_id', 'userId', 'user']),
      session:
        metadata(['session_id', 'sessionId', 'thread_id', 'conversation_id']) ??
        firstName(attributes, ['langsmith.trace.session_id']),
      tenant: metadata(['tenant', 'tenant_id']),
      release: metadata(['release', 'revision_id']),
    };
  },
};
