/** Mastra's exporter: OpenTelemetry's attributes of the model calls, with `mastra.*` around them. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import { firstName, nameOf } from '../spans/values.ts';

export const mastra: Dialect = {
  name: 'mastra',
  read({ attributes }) {
    const keys = Object.keys(attributes);
    if (!keys.some((key) => key.startsWith('mastra.'))) return null;
    const type = firstName(attributes, ['mastra.span.type', 'mastra.spanType']) ?? typeOfKeys(keys);
    const kind = kindOf(type);
    const ending = (end: string) =>
      attributes[keys.find((key) => key.startsWith('mastra.') && key.endsWith(end)) ?? ''];
    const input = ending('.input');
    const output = ending('.output');
    const metadata = (names: readonly string[]) =>
      firstName(
        attributes,
        names.map((name) => `mastra.metadata.${name}`),
      );
    return {
      kind,
      messages: kind === 'model' || kind === 'agent' ? messagesIn(input) : [],
      question: kind === 'step' ? questionIn(input) : null,
      query: kind === 'retriever' ? questionIn(input) : null,
      answer: kind === 'step' || kind === 'agent' || kind === 'model' ? answerIn(output) : null,
      documents: kind === 'tool' || kind === 'retriever' ? documentsIn(output, kind === 'retriever') : null,
      user: metadata(['userId', 'user_id', 'resourceId', 'runtimeContext.userId']),
      session: metadata(['sessionId', 'session_id', 'threadId', 'conversationId']),
      tenant: metadata(['tenant', 'tenantId']),
      release: metadata(['release', 'version']),
    };
  },
};

function typeOfKeys(keys: readonly string[]): string {
  return keys.map((key) => /^mastra\.(\w+)\.(input|output)$/.exec(key)?.[1]).find((type) => type !== undefined) ?? '';
}

function kindOf(type: string): Kind | undefined {
  const name = nameOf(type)?.toLowerCase() ?? '';
  if (/^(model|llm)_(generation|step|inference)/.test(name)) return 'model';
  if (/chunk/.test(name)) return 'step';
  if (name.startsWith('agent')) return 'agent';
  if (/tool/.test(name)) return 'tool';
  if (/embed/.test(name)) return 'embedding';
  if (/rerank/.test(name)) return 'reranker';
  if (/rag|vector|retriev/.test(name)) return 'retriever';
  return name === '' ? undefined : 'step';
}
