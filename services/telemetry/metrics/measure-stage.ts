/** Measures the stages of a question, and model calls under the GenAI convention's names. */
import { metrics } from '../../catalogue/metrics.ts';
import type { Usage } from '../../chat/turn.ts';
import type { FailureCode } from '../../failure/service-failure.ts';
import { builtInService as service } from '../../slo/deployment.ts';
import type { Generator } from '../generator.ts';
import { counter, histogram } from './instruments.ts';
import { modelLabel } from './model-label.ts';

export type Stage = (typeof metrics.stageDuration.labels.stage)[number];

/** The data source: passages in our own database. */
export const corpus = 'corpus';

const stageDuration = histogram(metrics.stageDuration);
const retrievalDuration = histogram(metrics.retrievalDuration);
const inferenceDuration = histogram(metrics.inferenceDuration);
const inputTokens = counter(metrics.inputTokens);
const cachedInputTokens = counter(metrics.cachedInputTokens);
const outputTokens = counter(metrics.outputTokens);

/** A stage of the chat server's own questions. @param failure null: the stage succeeded */
export function measureStage(stage: Stage, seconds: number, failure: FailureCode | null): void {
  stageDuration.record(seconds, { service, stage, result: failure === null ? 'ok' : 'failed' });
  if (stage === 'retrieve' && failure === null) retrievalDuration.record(seconds, { service, source: corpus });
}

/** @param result refused: the token was not valid, which is not our failure */
export function measureAuthentication(seconds: number, result: 'ok' | 'refused' | 'failed'): void {
  stageDuration.record(seconds, { service, stage: 'authenticate', result });
}

/** @param made the generation, or the failure code */
export function measureInference(
  generator: Generator,
  seconds: number,
  made: { readonly model: string; readonly usage: Usage | null } | FailureCode,
): void {
  if (typeof made === 'string') {
    inferenceDuration.record(seconds, { ...labelsOf(generator, null), error_type: made });
    return;
  }
  const labels = labelsOf(generator, made.model);
  inferenceDuration.record(seconds, { ...labels, error_type: '' });
  if (made.usage !== null) addTokens(made.usage, labels);
}

export function startStagesAtZero(generator: Generator): void {
  addTokens({ promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 }, labelsOf(generator, generator.model));
}

function addTokens(usage: Omit<Usage, 'totalTokens'>, labels: ReturnType<typeof labelsOf>): void {
  inputTokens.add(usage.promptTokens, labels);
  cachedInputTokens.add(usage.cachedPromptTokens, labels);
  outputTokens.add(usage.completionTokens, labels);
}

function labelsOf(generator: Generator, responseModel: string | null) {
  return {
    gen_ai_operation_name: 'chat',
    gen_ai_provider_name: generator.provider,
    gen_ai_request_model: modelLabel(generator.model),
    gen_ai_response_model: modelLabel(responseModel),
  } as const;
}
