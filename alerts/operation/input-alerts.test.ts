/** Every group of alerts has a companion, which fires where the metrics that the group reads are absent. */
import { expect, test } from 'vitest';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { selectorsIn } from '../../test/kit/rules/promql-names.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { isAlert } from '../rule.ts';
import { objectiveGroups, operationGroups } from '../rules.ts';
import { constantMetrics } from './input-alerts.ts';

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });

/** RagTargetDown, RagChatSilent and RagWorkerSilent fire where these are absent. */
const watched = new Set([
  ...Object.values(constantMetrics).flat(),
  'up',
  answerMetrics.answers.name,
  workerMetrics.workerDatabaseUp.name,
]);

/** Metrics that a healthy installation may lack, so that their absence shows nothing. */
const optional: Readonly<Record<string, string>> = {
  RagCitationsInvalid: 'the series appear with citations',
  RagSignInFailing: 'the series appear with the first sign-in',
  RagProbeFailing: 'with a probe only',
  RagProbeRefused: 'with a probe only',
  RagProbeSilent: 'with a probe only',
  RagScoreNotSeparating: 'with enough votes only',
  RagSpend: 'with a model only',
  RagPricesOutOfDate: 'with prices of the operator only',
  RagEmbeddingsUnreachable: 'with an embeddings server only',
  RagRetentionOverdue: 'with documents or a retention period only; RagRetentionFailed is watched',
  RagSourceDown: 'with sources only',
  RagSourceOverdue: 'with sources only',
  RagCitationsExpired: 'from the same table as the watched RagRetentionFailed',
  RagContentChanged: 'with documents only',
  RagReconciliationGap: 'with PROMETHEUS_URL only',
  RagReconciliationFailed: 'with PROMETHEUS_URL only',
};

test('every operational alert reads a metric whose absence fires, or an optional one with its reason', () => {
  const alerts = operationGroups(slo, deploymentLinks).flatMap(({ rules }) => rules.filter(isAlert));
  const unwatched = alerts
    .filter(({ labels }) => labels.severity !== 'none')
    .filter(({ expr }) => !selectorsIn(expr).some(({ names }) => names.some((name) => watched.has(name))))
    .map(({ alert }) => alert);
  expect([...new Set(unwatched)].sort()).toEqual(Object.keys(optional).sort());
});

test('every objective is measured by the chat server or the worker, whose silence fires', () => {
  for (const { name, rules } of objectiveGroups(slo, indicators, deploymentLinks)) {
    const read = rules.flatMap(({ expr }) => selectorsIn(expr).flatMap(({ names }) => names));
    expect(read.length, name).toBeGreaterThan(0);
    expect(
      read.filter((each) => !/^(rag_|slo:)/.test(each)),
      name,
    ).toEqual([]);
  }
});
