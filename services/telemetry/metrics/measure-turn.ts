/** Counts one turn: everything that dashboards and alerts read, and none of its text. */
import { metrics } from '../../catalogue/metrics.ts';
import type { AnsweredTurn, Turn } from '../../chat/turn.ts';
import { counter, histogram } from './instruments.ts';
import { modelLabel, noModel } from './model-label.ts';

const answers = counter(metrics.answers);
const answerDuration = histogram(metrics.answerDuration);
const timeToFirstToken = histogram(metrics.timeToFirstToken);
const cost = counter(metrics.cost);
const pricedAnswers = counter(metrics.pricedAnswers);
const unpricedAnswers = counter(metrics.unpricedAnswers);
const citations = counter(metrics.citations);
const withheldPassages = counter(metrics.withheldPassages);
const truncatedAnswers = counter(metrics.truncatedAnswers);
const relevance = histogram(metrics.relevance);
const failures = counter(metrics.failures);

/**
 * Call once per turn.
 * @param service the registered service whose turn it is; `rag-chat` for the chat server's own
 */
export function measureTurn(turn: Turn, service: string): void {
  startTurnsAtZero(service, turn.model === null ? [] : [turn.model]);
  if ('failure' in turn) {
    answers.add(1, { service, outcome: turn.outcome, model: modelLabel(turn.model), cited: 'false' });
    failures.add(1, { service, stage: turn.failure.stage, failure: turn.failure.code });
  } else {
    measureAnswer(turn, service);
  }
}

function measureAnswer(turn: AnsweredTurn, service: string): void {
  const model = modelLabel(turn.model);
  answers.add(1, { service, outcome: turn.outcome, model, cited: verdictOf(turn) });
  // Its time, cost and citations say nothing about answers.
  if (turn.outcome === 'chitchat') return;
  if (turn.finishReason === 'length') truncatedAnswers.add(1, { service, model });
  if (turn.latencyMs !== null) answerDuration.record(turn.latencyMs / 1000, { service });
  if (turn.timeToFirstTokenMs !== null) timeToFirstToken.record(turn.timeToFirstTokenMs / 1000, { service, model });
  if (turn.costJpy === null) {
    unpricedAnswers.add(1, { service, model });
  } else {
    pricedAnswers.add(1, { service, model });
    cost.add(turn.costJpy, { service, model, kind: 'answer' });
  }
  for (const citation of turn.citations) {
    citations.add(1, {
      service,
      source_type: citation.sourceType,
      valid: citation.valid === null ? 'unjudged' : citation.valid ? 'true' : 'false',
    });
  }
  withheldPassages.add(turn.withheld, { service });
  if (turn.relevanceScore !== null) relevance.record(turn.relevanceScore, { service });
}

/** Whether an answer has a valid citation; unjudged: none is, and no claim of it could be judged. */
function verdictOf({ citations, citationRate }: AnsweredTurn): 'true' | 'false' | 'unjudged' {
  if (citations.some(({ valid }) => valid === true)) return 'true';
  return citationRate === null ? 'unjudged' : 'false';
}

/** Counts the cost of a call that brought no answer. */
export function measureLostCost(call: {
  readonly service: string;
  readonly model: string;
  readonly kind: 'failed' | 'retried' | 'aborted';
  readonly costJpy: number;
}): void {
  const { service, kind } = call;
  const model = modelLabel(call.model);
  startTurnsAtZero(service, [call.model]);
  cost.add(call.costJpy, { service, model, kind });
}

/** A counter that is absent until its first event hides that event from `rate()`. Call for each service that becomes known. */
export function startTurnsAtZero(service: string, models: readonly string[]): void {
  for (const model of models) startModelAtZero(service, modelLabel(model));
  if (startedServices.has(service)) return;
  startedServices.add(service);
  for (const outcome of ['failed', 'aborted', 'rejected'] as const)
    answers.add(0, { service, outcome, model: noModel, cited: 'false' });
  for (const source_type of metrics.citations.labels.source_type) {
    for (const valid of metrics.citations.labels.valid) citations.add(0, { service, source_type, valid });
  }
  for (const stage of metrics.failures.labels.stage) {
    for (const failure of metrics.failures.labels.failure) failures.add(0, { service, stage, failure });
  }
  withheldPassages.add(0, { service });
}

const startedServices = new Set<string>();
const startedModels = new Set<string>();

/** A model server may return a model name that was unknown at startup; its series then begin with its first answer. */
function startModelAtZero(service: string, model: string): void {
  const key = `${service} ${model}`;
  if (startedModels.has(key)) return;
  startedModels.add(key);
  for (const cited of metrics.answers.labels.cited) answers.add(0, { service, outcome: 'answered', model, cited });
  for (const outcome of ['no_answer', 'failed', 'aborted', 'rejected'] as const)
    answers.add(0, { service, outcome, model, cited: 'false' });
  for (const kind of ['answer', 'failed', 'retried', 'aborted'] as const) cost.add(0, { service, model, kind });
  for (const each of [pricedAnswers, unpricedAnswers, truncatedAnswers]) each.add(0, { service, model });
}
