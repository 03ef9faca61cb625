/** Metrics of semantic-conventions-genai v0.1.0, exposed by the chat server. The exporter adds no unit to their names. */
import type { Metric } from './metric.ts';

const labels = { gen_ai_operation_name: ['chat'], gen_ai_provider_name: 'open', gen_ai_request_model: 'open' } as const;

/** The convention's bounds, in seconds. None is a threshold of an objective, so no objective reads this histogram. */
const conventionSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

export const genaiMetrics = {
  inferenceDuration: {
    name: 'gen_ai_client_inference_duration',
    instrument: 'gen_ai.client.inference.duration',
    kind: 'histogram',
    unit: 's',
    help: 'Duration of one generation in seconds, retries included.',
    labels: { ...labels, gen_ai_response_model: 'open', error_type: 'open' },
    bounds: conventionSeconds,
  },
  inputTokens: {
    name: 'gen_ai_client_inference_usage_input_tokens_total',
    instrument: 'gen_ai.client.inference.usage.input_tokens',
    kind: 'counter',
    unit: '{token}',
    help: 'Input tokens, cached ones included.',
    labels: { ...labels, gen_ai_response_model: 'open' },
  },
  cachedInputTokens: {
    name: 'gen_ai_client_inference_usage_cache_read_input_tokens_total',
    instrument: 'gen_ai.client.inference.usage.cache_read.input_tokens',
    kind: 'counter',
    unit: '{token}',
    help: 'Input tokens read from the cache of the model.',
    labels: { ...labels, gen_ai_response_model: 'open' },
  },
  outputTokens: {
    name: 'gen_ai_client_inference_usage_output_tokens_total',
    instrument: 'gen_ai.client.inference.usage.output_tokens',
    kind: 'counter',
    unit: '{token}',
    help: 'Output tokens.',
    labels: { ...labels, gen_ai_response_model: 'open' },
  },
} as const satisfies Record<string, Metric>;
