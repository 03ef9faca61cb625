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

/** Call once per turn. */
export function measureTurn(turn: Turn): void {
  startModelAtZero(modelLabel(turn.model));
  if ('failure' in turn) {
    answers.add(1, { outcome: turn.outcome, model: modelLabel(turn.model), cited: 'false' });
    failures.add(1, { stage: turn.failure.stage, failure: turn.failure.code });
  } else {
    measureAnswer(turn);
  }
}

function measureAnswer(turn: AnsweredTurn): void {
  const model = modelLabel(turn.model);
  answers.add(1, { outcome: turn.outcome, model, cited: verdictOf(turn) });
  if (turn.finishReason === 'length') truncatedAnswers.add(1, { model });
  if (turn.latencyMs !== null) answerDuration.record(turn.latencyMs / 1000, {});
  if (turn.timeToFirstTokenMs !== null) timeToFirstToken.record(turn.timeToFirstTokenMs / 1000, { model });
  if (turn.costJpy === null) {
    unpricedAnswers.add(1, { model });
  } else {
    pricedAnswers.add(1, { model });
    cost.add(turn.costJpy, { model, kind: 'answer' });
  }
  for (const citation of turn.citations) {
    citations.add(1, {
      source_type: citation.sourceType,
      valid: citation.valid === null ? 'unjudged' : citation.valid ? 'true' : 'false',
    });
  }
  withheldPassages.add(turn.withheld, {});
  if (turn.relevanceScore !== null) relevance.record(turn.relevanceScore, {});
}

/** Whether an answer has a valid citation; unjudged: none is, and no claim of it could be judged. */
function verdictOf({ citations, citationRate }: AnsweredTurn): 'true' | 'false' | 'unjudged' {
  if (citations.some(({ valid }) => valid === true)) return 'true';
  return citationRate === null ? 'unjudged' : 'false';
}

/** Counts the cost of a call that brought no answer. */
export function measureLostCost(model: string, kind: 'failed' | 'retried' | 'aborted', costJpy: number): void {
  startModelAtZero(modelLabel(model));
  cost.add(costJpy, { model: modelLabel(model), kind });
}

/** A counter that is absent until its first event hides that event from `rate()`. */
export function startTurnsAtZero(models: readonly string[]): void {
  for (const model of models) startModelAtZero(modelLabel(model));
  for (const outcome of ['failed', 'aborted', 'rejected'] as const)
    answers.add(0, { outcome, model: noModel, cited: 'false' });
  for (const source_type of metrics.citations.labels.source_type) {
    for (const valid of metrics.citations.labels.valid) citations.add(0, { source_type, valid });
  }
  for (const stage of metrics.failures.labels.stage) {
    for (const failure of metrics.failures.labels.failure) failures.add(0, { stage, failure });
  }
  withheldPassages.add(0, {});
}

const startedModels = new Set<string>([noModel]);

/** A model server may return a model name that was unknown at startup; its series then begin with its first answer. */
function startModelAtZero(model: string): void {
  if (startedModels.has(model)) return;
  startedModels.add(model);
  for (const cited of metrics.answers.labels.cited) answers.add(0, { outcome: 'answered', model, cited });
  for (const outcome of ['no_answer', 'failed', 'aborted', 'rejected'] as const)
    answers.add(0, { outcome, model, cited: 'false' });
  for (const kind of ['answer', 'failed', 'retried', 'aborted'] as const) cost.add(0, { model, kind });
  for (const each of [pricedAnswers, unpricedAnswers, truncatedAnswers]) each.add(0, { model });
}
