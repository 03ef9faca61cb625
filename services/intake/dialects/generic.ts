/** Frameworks without a file of their own: their names of inputs, outputs and kinds, and names that many use. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import type { Attributes } from '../spans/span.ts';
import { usageFrom, usageIn } from '../spans/usage.ts';
import { firstName, firstValue, isFields, unpacked } from '../spans/values.ts';

/** Prefixes of frameworks' own attributes: a span that has one is a span of an AI application. */
const prefixes =
  /^(llm\.|ai\.|rag\.|openinference\.|lmnr\.|langwatch\.|braintrust\.|genkit[:/]|haystack\.|pydantic_ai\.|gcp\.vertex\.agent\.|logfire\.agent|opik\.|weave\.|crewai\.|langgraph\.|llamaindex\.|llama_index\.|semantic_kernel\.|autogen\.|dspy\.|strands\.|portkey\.|helicone\.|\$ai_|retrieval\.|retriever\.|embedding\.|reranker\.|db\.vector\.)/;

const inputs = [
  'input.value',
  'langwatch.input',
  'lmnr.span.input',
  'braintrust.input_json',
  'braintrust.input',
  'genkit:input',
  'haystack.pipeline.input_data',
  'haystack.component.input',
  'pydantic_ai.all_messages',
  'all_messages_events',
  'gcp.vertex.agent.llm_request',
  'crewai.task.input',
  'ai.input',
  'llm.input',
  'llm.prompt',
  'llm.prompts',
  'rag.query',
  'retrieval.query',
  'retriever.query',
  'db.vector.query.content',
  'input',
  'inputs',
];
const outputs = [
  'output.value',
  'langwatch.output',
  'lmnr.span.output',
  'braintrust.output_json',
  'braintrust.output',
  'genkit:output',
  'haystack.pipeline.output_data',
  'haystack.component.output',
  'final_result',
  'gcp.vertex.agent.llm_response',
  'crewai.task.output',
  'ai.output',
  'llm.output',
  'llm.completion',
  'llm.completions',
  'llm.response',
  'rag.response',
  'output',
  'outputs',
];
const documentLists = [
  'retrieval.documents',
  'rag.documents',
  'rag.contexts',
  'langwatch.rag.contexts',
  'retriever.documents',
  'documents',
  'contexts',
];
const kindNames = [
  'openinference.span.kind',
  'gen_ai.span.kind',
  'langwatch.span.type',
  'lmnr.span.type',
  'genkit:metadata:subtype',
  'genkit:type',
  'haystack.component.type',
  'braintrust.span_attributes.type',
  'span.kind',
  'span.type',
  'span_type',
  'type',
];

export const generic: Dialect = {
  name: 'generic',
  read({ attributes, name }) {
    const keys = Object.keys(attributes);
    if (
      !keys.some(
        (key) => prefixes.test(key) || key === 'input.value' || key === 'output.value' || key.startsWith('gen_ai.'),
      )
    )
      return null;
    const input = firstValue(attributes, inputs);
    const output = firstValue(attributes, outputs);
    const model = firstName(attributes, [
      'llm.model',
      'llm.model_name',
      'ai.model',
      'model',
      'model_name',
      'lmnr.model',
      'braintrust.metadata.model',
    ]);
    const kind = kindOf(attributes, name, model !== null);
    const searches = kind === 'retriever' || kind === 'reranker';
    const listed = firstValue(attributes, documentLists);
    const metadata = unpacked(firstValue(attributes, ['metadata', 'braintrust.metadata']));
    const fields = isFields(metadata) ? metadata : {};
    return {
      kind: kind ?? (listed === undefined ? 'step' : 'retriever'),
      question: kind === undefined || kind === 'step' || kind === 'agent' ? questionIn(input) : null,
      answer: searches || kind === 'embedding' || kind === 'tool' ? null : answerIn(output),
      query: searches || kind === 'embedding' ? questionIn(input) : null,
      messages: kind === 'model' || kind === 'agent' ? messagesIn(input) : [],
      documents: documentsIn(listed, true) ?? (searches || kind === 'tool' ? documentsIn(output, searches) : null),
      model,
      usage:
        usageFrom(attributes, {
          prompt: [
            'llm.usage.prompt_tokens',
            'llm.usage.input_tokens',
            'llm.token_count.prompt',
            'ai.usage.inputTokens',
            'prompt_tokens',
            'input_tokens',
            'lmnr.usage.input_tokens',
          ],
          cached: ['llm.usage.cached_tokens', 'cached_tokens', 'cache_read_input_tokens'],
          completion: [
            'llm.usage.completion_tokens',
            'llm.usage.output_tokens',
            'llm.token_count.completion',
            'ai.usage.outputTokens',
            'completion_tokens',
            'output_tokens',
            'lmnr.usage.output_tokens',
          ],
          total: ['llm.usage.total_tokens', 'llm.token_count.total', 'total_tokens'],
        }) ?? usageIn(firstValue(attributes, ['llm.usage', 'usage', 'langwatch.metrics', 'braintrust.metrics'])),
      user:
        firstName(attributes, [
          'user.id',
          'enduser.id',
          'langwatch.user.id',
          'lmnr.association.properties.user_id',
          'user_id',
          'userId',
        ]) ?? firstName(fields, ['user_id', 'userId']),
      session:
        firstName(attributes, [
          'session.id',
          'gen_ai.conversation.id',
          'langwatch.thread.id',
          'lmnr.association.properties.session_id',
          'session_id',
          'thread_id',
          'conversation_id',
          'conversation.id',
        ]) ?? firstName(fields, ['session_id', 'sessionId', 'thread_id', 'conversation_id']),
      tenant: firstName(attributes, ['tenant.id', 'tenant']) ?? firstName(fields, ['tenant', 'tenant_id']),
    };
  },
};

function kindOf(attributes: Attributes, spanName: string, hasModel: boolean): Kind | undefined {
  const said = firstName(attributes, kindNames)?.toLowerCase();
  for (const text of [said, spanName.toLowerCase()]) {
    if (text === undefined) continue;
    if (/rerank/.test(text)) return 'reranker';
    if (/retriev|vector.?(search|store|query)|knowledge|similarity/.test(text)) return 'retriever';
    if (/embed/.test(text)) return 'embedding';
    if (
      /(^|[^a-z])(llm|generation|generator|chat_?model|model|completion)([^a-z]|$)/.test(text) &&
      (text === said || hasModel)
    )
      return 'model';
    if (/evaluat|guardrail/.test(text) && text === said) return 'evaluation';
    if (/(^|[^a-z])tool([^a-z]|$)/.test(text) && text === said) return 'tool';
    if (/(^|[^a-z])agent([^a-z]|$)/.test(text) && text === said) return 'agent';
  }
  return hasModel ? 'model' : undefined;
}
