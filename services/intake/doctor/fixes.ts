/** Why a field of a turn does not arrive, and the line that fixes it, by the instrumentation that wrote the spans. */
import type { CheckedField } from '../missing-fields.ts';

export type Fix = { readonly why: string; readonly fix: string };

type Fixes = Partial<Readonly<Record<CheckedField, Fix>>>;

const retrievalSpan: Fix = {
  why: 'the instrumentation has no span of the retrieval',
  fix: 'with retrieval_span(question) as span: span.set_documents(documents)   # clients/python, clients/typescript: retrievalSpan',
};

/** Where a dialect needs something of its own. */
const ofDialect: Readonly<Record<string, Fixes>> = {
  rest: {
    documents: {
      why: 'the request has no documents',
      fix: '"documents": [{"id": "…", "text": "…", "url": "…", "license": "…"}]',
    },
    'documents.text': {
      why: 'documents have no text',
      fix: '"documents": [{"id": "…", "text": "the text that the model was shown"}]',
    },
    user: { why: 'the request names no user', fix: '"user": "customer-4711"' },
    session: { why: 'the request names no session', fix: '"session": "session-93"' },
    usage: { why: 'the request has no tokens', fix: '"usage": {"promptTokens": 187, "completionTokens": 41}' },
    model: { why: 'the request names no model', fix: '"model": "gpt-4o-mini"' },
    release: { why: 'the request names no release', fix: '"release": "v7"' },
  },
  openinference: {
    user: {
      why: 'no user was set',
      fix: 'with using_attributes(user_id="customer-4711", session_id="session-93"): chain.invoke(…)',
    },
    session: {
      why: 'no session was set',
      fix: 'with using_attributes(user_id="customer-4711", session_id="session-93"): chain.invoke(…)',
    },
    'usage.cached': {
      why: 'the instrumentation does not report cached tokens',
      fix: 'pip install -U openinference-instrumentation-openai, and instrument the model client too',
    },
    'documents.id': {
      why: 'the retriever returns documents without an id',
      fix: 'Document(id="policy-returns#2", page_content=…, metadata=…)',
    },
  },
  'otel-genai': {
    question: { why: 'content is not captured', fix: 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY' },
    answer: { why: 'content is not captured', fix: 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY' },
    'documents.text': {
      why: 'gen_ai.retrieval.documents has id and score only',
      fix: 'span.set_documents([{"id": …, "content": …, "uri": …, "license": …}])   # clients/python, inside the retriever',
    },
    documents: retrievalSpan,
    user: {
      why: 'the conventions have no user',
      fix: 'trace.get_current_span().set_attribute("user.id", "customer-4711")',
    },
    session: {
      why: 'no conversation was set',
      fix: 'trace.get_current_span().set_attribute("gen_ai.conversation.id", "session-93")',
    },
  },
  openllmetry: {
    question: { why: 'content is not captured', fix: 'TRACELOOP_TRACE_CONTENT=true' },
    answer: { why: 'content is not captured', fix: 'TRACELOOP_TRACE_CONTENT=true' },
    user: {
      why: 'no association property',
      fix: 'Traceloop.set_association_properties({"user_id": "customer-4711", "session_id": "session-93"})',
    },
    session: {
      why: 'no association property',
      fix: 'Traceloop.set_association_properties({"user_id": "customer-4711", "session_id": "session-93"})',
    },
    'documents.id': {
      why: 'the instrumentation drops the ids of documents',
      fix: 'Document(page_content=…, metadata={"id": "policy-returns#2", "source": …})',
    },
  },
  openlit: {
    question: { why: 'content is not captured', fix: 'openlit.init(…, capture_message_content=True)' },
    answer: { why: 'content is not captured', fix: 'openlit.init(…, capture_message_content=True)' },
    user: { why: 'OpenLIT sets no user', fix: 'trace.get_current_span().set_attribute("user.id", "customer-4711")' },
    session: {
      why: 'OpenLIT sets no session',
      fix: 'trace.get_current_span().set_attribute("session.id", "session-93")',
    },
    'documents.license': {
      why: 'OpenLIT drops metadata of documents',
      fix: 'PUT /api/services/NAME/documents with the licence of each document',
    },
  },
  'vercel-ai': {
    documents: {
      why: 'the AI SDK has no span of the retrieval',
      fix: 'await retrievalSpan(question, async () => documents)   // clients/typescript',
    },
    question: {
      why: 'inputs are not recorded',
      fix: 'experimental_telemetry: { isEnabled: true, recordInputs: true }',
    },
    answer: {
      why: 'outputs are not recorded',
      fix: 'experimental_telemetry: { isEnabled: true, recordOutputs: true }',
    },
    user: {
      why: 'telemetry has no user',
      fix: 'experimental_telemetry: { …, metadata: { userId, sessionId } }   // 7: runtimeContext: { userId, sessionId } with telemetry.includeRuntimeContext',
    },
    session: {
      why: 'telemetry has no session',
      fix: 'experimental_telemetry: { …, metadata: { userId, sessionId } }   // 7: runtimeContext: { userId, sessionId } with telemetry.includeRuntimeContext',
    },
  },
  langfuse: {
    user: {
      why: 'no user was set',
      fix: 'with propagate_attributes(user_id="customer-4711", session_id="session-93"): …',
    },
    session: {
      why: 'no session was set',
      fix: 'with propagate_attributes(user_id="customer-4711", session_id="session-93"): …',
    },
    documents: {
      why: 'no observation of the type retriever',
      fix: '@observe(as_type="retriever")   # on the function that returns the documents',
    },
    release: { why: 'no release was set', fix: 'LANGFUSE_RELEASE=v7' },
  },
  langsmith: {
    user: {
      why: 'no metadata of the run',
      fix: 'chain.invoke(…, config={"metadata": {"user_id": "customer-4711", "session_id": "session-93"}})',
    },
    session: {
      why: 'no metadata of the run',
      fix: 'chain.invoke(…, config={"metadata": {"user_id": "customer-4711", "session_id": "session-93"}})',
    },
  },
  mlflow: {
    user: {
      why: 'MLflow does not export the user of a trace',
      fix: 'mlflow.get_current_active_span().set_attribute("rag.user", "customer-4711")',
    },
    session: {
      why: 'MLflow does not export the session of a trace',
      fix: 'mlflow.get_current_active_span().set_attribute("rag.session", "session-93")',
    },
    documents: {
      why: 'no span of the type RETRIEVER',
      fix: '@mlflow.trace(span_type=SpanType.RETRIEVER)   # on the function that returns the documents',
    },
  },
  mastra: {
    documents: {
      why: 'Mastra has no span of the retrieval',
      fix: 'await retrievalSpan(question, async () => documents)   // clients/typescript',
    },
    user: { why: 'no metadata', fix: 'agent.generate(…, { tracingOptions: { metadata: { userId, sessionId } } })' },
    session: { why: 'no metadata', fix: 'agent.generate(…, { tracingOptions: { metadata: { userId, sessionId } } })' },
  },
  'spring-ai': {
    question: {
      why: 'Spring AI logs texts and puts none on spans',
      fix: 'copy clients/spring-ai/RagObservatoryHandler.java into the application',
    },
    answer: {
      why: 'Spring AI logs texts and puts none on spans',
      fix: 'copy clients/spring-ai/RagObservatoryHandler.java into the application',
    },
    documents: {
      why: 'Spring AI reports the number of documents only',
      fix: 'copy clients/spring-ai/RagObservatoryHandler.java into the application',
    },
    user: {
      why: 'Spring AI sets no user',
      fix: 'management.observations.key-values or Span.current().setAttribute("user.id", userId)',
    },
  },
  agento11y: {
    question: {
      why: 'spans carry no text, and generations were not sent here',
      fix: 'AGENTO11Y_ENDPOINT=… (this server), with content capture on',
    },
    answer: {
      why: 'spans carry no text, and generations were not sent here',
      fix: 'AGENTO11Y_ENDPOINT=… (this server), with content capture on',
    },
    documents: retrievalSpan,
  },
  dify: {
    documents: {
      why: 'the app has no knowledge retrieval node',
      fix: 'add a Knowledge Retrieval node before the LLM node',
    },
    user: { why: 'the call of the app names no user', fix: '"user": "customer-4711" in the call of the Dify API' },
  },
};

/** What holds for every instrumentation. */
const common: Readonly<Record<CheckedField, Fix>> = {
  question: { why: 'no span has the question', fix: 'span.set_attribute("rag.question", question)' },
  answer: { why: 'no span has the answer', fix: 'span.set_attribute("rag.answer", answer)' },
  documents: retrievalSpan,
  'documents.text': {
    why: 'documents have no text',
    fix: 'put the text into "content" of each document of the retrieval span',
  },
  'documents.id': { why: 'documents have no id', fix: 'put an id into each document' },
  'documents.url': {
    why: 'documents have no address',
    fix: 'put "source" or "url" into the metadata of each document',
  },
  'documents.license': {
    why: 'documents have no licence',
    fix: 'put "license" into the metadata of each document, or PUT /api/services/NAME/documents',
  },
  model: { why: 'no span names the model', fix: 'span.set_attribute("gen_ai.response.model", model)' },
  usage: { why: 'the model call reports no tokens', fix: 'stream_options={"include_usage": True}   # when streaming' },
  'usage.cached': {
    why: 'the instrumentation does not report cached tokens, so cost is a little too high',
    fix: 'span.set_attribute("gen_ai.usage.cache_read.input_tokens", cached)',
  },
  latencyMs: { why: 'the turn has no duration', fix: '"latencyMs": milliseconds from question to answer' },
  firstTokenMs: {
    why: 'the answer was not streamed, or the time of its first piece is not reported',
    fix: 'span.set_attribute("gen_ai.response.time_to_first_chunk", seconds)',
  },
  user: { why: 'no span names the user', fix: 'span.set_attribute("user.id", "customer-4711")' },
  session: { why: 'no span names the session', fix: 'span.set_attribute("session.id", "session-93")' },
  release: { why: 'no release was set', fix: 'OTEL_RESOURCE_ATTRIBUTES=service.version=v7' },
  traceId: { why: 'the turn has no trace id', fix: '"traceId": the W3C trace id of the request' },
  finishReason: {
    why: 'the model call reports no reason for its end',
    fix: 'span.set_attribute("gen_ai.response.finish_reasons", ["stop"])',
  },
};

export function fixOf(field: CheckedField, dialect: string): Fix {
  return ofDialect[dialect]?.[field] ?? common[field];
}
