/** Names of semantic-conventions-genai v0.1.0 for spans and labels, and our own `rag.` attributes: the only place to change them. */

/** The convention moved out of @opentelemetry/semantic-conventions, whose constants for it are the old names. */
export const genai = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  agent: 'gen_ai.agent.name',
  conversation: 'gen_ai.conversation.id',
  dataSource: 'gen_ai.data_source.id',
  requestModel: 'gen_ai.request.model',
  requestTemperature: 'gen_ai.request.temperature',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  responseTimeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  cachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
} as const;

/** Attributes that the convention does not define. */
export const rag = {
  dialogue: 'rag.dialogue.id',
  outcome: 'rag.outcome',
  costJpy: 'rag.cost.jpy',
  relevance: 'rag.relevance.score',
  citations: 'rag.citations',
  validCitations: 'rag.citations.valid',
  passages: 'rag.retrieval.passages',
  withheld: 'rag.retrieval.withheld',
  records: 'rag.records',
} as const;

export const errorType = 'error.type';
export const serverAddress = 'server.address';
export const serverPort = 'server.port';

export const operations = { workflow: 'invoke_workflow', retrieval: 'retrieval', chat: 'chat' } as const;
