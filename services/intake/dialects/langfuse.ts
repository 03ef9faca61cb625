/** Langfuse's SDKs. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import { usageOfDetails } from '../spans/usage.ts';
import { firstName, firstValue, isFields, nameOf, numberOf, unpacked } from '../spans/values.ts';

const kinds: Readonly<Record<string, Kind>> = {
  generation: 'model',
  agent: 'agent',
  chain: 'step',
  span: 'step',
  retriever: 'retriever',
  embedding: 'embedding',
  tool: 'tool',
  evaluator: 'evaluation',
};

export const langfuse: Dialect = {
  name: 'langfuse',
  read({ attributes, startMs }) {
    if (!Object.keys(attributes).some((key) => key.startsWith('langfuse.'))) return null;
    const kind = kinds[nameOf(attributes['langfuse.observation.type']) ?? ''];
    const input = firstValue(attributes, ['langfuse.observation.input', 'langfuse.trace.input']);
    const output = firstValue(attributes, ['langfuse.observation.output', 'langfuse.trace.output']);
    const holder = kind === 'step' || kind === 'agent' || kind === undefined;
    const parameters = unpacked(attributes['langfuse.observation.model.parameters']);
    const failed = nameOf(attributes['langfuse.observation.level'])?.toUpperCase() === 'ERROR';
    const started = nameOf(attributes['langfuse.observation.completion_start_time']);
    const firstTokenMs = started === null ? null : Date.parse(started) - startMs;
    return {
      kind,
      question: holder ? questionIn(input) : null,
      answer: holder || kind === 'model' ? answerIn(output) : null,
      query: kind === 'retriever' || kind === 'embedding' ? questionIn(input) : null,
      messages: kind === 'model' ? messagesIn(input) : [],
      documents: kind === 'retriever' || kind === 'tool' ? documentsIn(output, kind === 'retriever') : null,
      model: firstName(attributes, ['langfuse.observation.model.name']),
      usage: usageOfDetails(attributes['langfuse.observation.usage_details']),
      temperature: isFields(parameters) ? numberOf(parameters.temperature) : null,
      firstTokenMs: firstTokenMs === null || !(firstTokenMs > 0) ? null : firstTokenMs,
      user: firstName(attributes, ['user.id', 'langfuse.user.id', 'langfuse.trace.user_id']),
      session: firstName(attributes, ['session.id', 'langfuse.session.id', 'langfuse.trace.session_id']),
      release: firstName(attributes, ['langfuse.release', 'langfuse.version', 'langfuse.observation.version']),
      tenant: firstName(attributes, ['langfuse.trace.metadata.tenant', 'langfuse.observation.metadata.tenant']),
      ...(failed && { failed, errorType: 'error' }),
    };
  },
};
