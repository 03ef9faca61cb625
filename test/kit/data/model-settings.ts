/** Settings of a model for tests. */
import type { ModelSettings } from '../../../services/llm/model-client.ts';

export function modelSettings(baseUrl: string, values: Partial<ModelSettings> = {}): ModelSettings {
  return {
    baseUrl,
    apiKey: undefined,
    name: 'small-1',
    timeoutMs: 5_000,
    maxAnswerMs: 60_000,
    silenceMs: 2_000,
    contextWindow: null,
    temperature: 0.3,
    maxTokens: null,
    thinkingBlocks: [],
    ...values,
  };
}
