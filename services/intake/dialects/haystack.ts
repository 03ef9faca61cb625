/** Haystack's own tracing (opentelemetry-haystack): a span for the pipeline and for each component, with values as JSON. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import { usageIn } from '../spans/usage.ts';
import { type Fields, isFields, isList, nameOf, unpacked } from '../spans/values.ts';

/** By the end of the component's class name. */
const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/Generator$/, 'model'],
  [/(Retriever|WebSearch)$/, 'retriever'],
  // What joins the lists of several retrievers decides what the model sees, as a ranker does.
  [/(Ranker|DocumentJoiner)$/, 'reranker'],
  [/Embedder$/, 'embedding'],
  [/Agent$/, 'agent'],
  [/(ToolInvoker|Tool)$/, 'tool'],
  [/Evaluator$/, 'evaluation'],
];

export const haystack: Dialect = {
  name: 'haystack',
  read({ attributes }) {
    if (!Object.keys(attributes).some((key) => key.startsWith('haystack.'))) return null;
    const type = nameOf(attributes['haystack.component.type']) ?? '';
    const kind = kinds.find(([name]) => name.test(type))?.[1] ?? 'step';
    const input = attributes['haystack.component.input'] ?? attributes['haystack.pipeline.input_data'];
    const output = attributes['haystack.component.output'] ?? attributes['haystack.pipeline.output_data'];
    const isPipeline = type === '';
    const searches = kind === 'retriever' || kind === 'reranker';
    const meta = kind === 'model' ? metaOf(output) : {};
    return {
      kind,
      question: isPipeline || kind === 'agent' ? questionIn(input) : null,
      answer: isPipeline || kind === 'agent' || kind === 'model' ? answerIn(output) : null,
      query: searches || kind === 'embedding' ? questionIn(input) : null,
      messages: kind === 'model' ? promptOf(input) : [],
      documents: searches || kind === 'tool' ? documentsIn(output, searches) : null,
      model: nameOf(meta.model),
      usage: usageIn(meta.usage),
      finishReason: nameOf(meta.finish_reason),
    };
  },
};

/** Of the last reply: within it, or beside it with generators that return plain texts. */
function metaOf(output: Parameters<typeof unpacked>[0]): Fields {
  const fields = unpacked(output);
  if (!isFields(fields)) return {};
  for (const list of [fields.meta, fields.replies]) {
    const last = isList(list) ? unpacked(list.at(-1)) : null;
    const meta = isFields(last) ? (isFields(last.meta) ? last.meta : isFields(last._meta) ? last._meta : last) : null;
    if (meta?.model !== undefined) return meta;
  }
  return {};
}

function promptOf(input: Parameters<typeof unpacked>[0]) {
  const fields = unpacked(input);
  if (!isFields(fields)) return [];
  return typeof fields.prompt === 'string'
    ? [{ role: 'user' as const, text: fields.prompt }]
    : messagesIn(fields.messages ?? fields.prompt);
}
