/** Vercel's AI SDK: `ai.*` attributes of version 6 and earlier, and what version 7 adds to OpenTelemetry's. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import type { Attributes } from '../spans/span.ts';
import { usageFrom } from '../spans/usage.ts';
import { firstName, firstNumber, firstValue, isList, nameOf, textOf, unpacked } from '../spans/values.ts';

export const vercelAi: Dialect = {
  name: 'vercel-ai',
  read({ attributes, scope }) {
    const own = Object.keys(attributes).some((key) => key.startsWith('ai.'));
    if (!own && scope !== 'gen_ai' && scope !== 'ai') return null;
    const operation = nameOf(attributes['ai.operationId']) ?? '';
    const kind = kindOf(operation);
    return {
      kind,
      messages: messagesIn(firstValue(attributes, ['ai.prompt.messages', 'ai.prompt'])),
      answer: textOf(
        firstValue(attributes, ['ai.response.text', 'ai.response.object', 'ai.result.text', 'ai.result.object']),
      ),
      query: embedded(attributes),
      documents: kind === 'tool' ? documentsIn(attributes['ai.toolCall.result'], false) : null,
      model: firstName(attributes, ['ai.response.model', 'ai.model.id']),
      usage: usageFrom(attributes, {
        prompt: ['ai.usage.inputTokens', 'ai.usage.promptTokens'],
        cached: ['ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'],
        written: ['ai.usage.inputTokenDetails.cacheWriteTokens'],
        completion: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
        reasoning: ['ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'],
        total: ['ai.usage.totalTokens'],
      }),
      temperature: firstNumber(attributes, ['ai.settings.temperature']),
      finishReason: firstName(attributes, ['ai.response.finishReason', 'ai.finishReason']),
      responseId: firstName(attributes, ['ai.response.id']),
      firstTokenMs: firstNumber(attributes, ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk']),
      user: context(attributes, ['userId', 'user_id', 'user']),
      session: context(attributes, ['sessionId', 'session_id', 'threadId', 'chatId', 'conversationId']),
      tenant: context(attributes, ['tenant', 'tenantId', 'tenant_id']),
      release: context(attributes, ['release', 'version']),
    };
  },
};

/** The calls of the model are the inner spans; the outer one repeats their sum. */
function kindOf(operation: string): Kind | undefined {
  if (/\.do(Generate|Stream)$/.test(operation)) return 'model';
  if (operation.startsWith('ai.embed')) return 'embedding';
  if (operation.startsWith('ai.rerank')) return 'reranker';
  if (operation === 'ai.toolCall') return 'tool';
  return operation === '' ? undefined : 'agent';
}

/** Several values are documents that are being indexed. */
function embedded(attributes: Attributes): string | null {
  const one = textOf(unpacked(attributes['ai.value']));
  const many = unpacked(attributes['ai.values']);
  return one ?? (isList(many) && many.length === 1 ? textOf(unpacked(many[0])) : null);
}

function context(attributes: Attributes, names: readonly string[]): string | null {
  return firstName(
    attributes,
    ['ai.telemetry.metadata.', 'ai.settings.context.'].flatMap((prefix) => names.map((name) => prefix + name)),
  );
}
