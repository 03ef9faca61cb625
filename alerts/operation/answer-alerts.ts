/** Operational alerts on citations, rejected questions and prices. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { priceMetrics } from '../../services/catalogue/price-metrics.ts';
import { scoreMetrics } from '../../services/catalogue/score-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import { beyondChance, usualGuard } from './beyond-chance.ts';
import type { RuleContext } from './rule-context.ts';

export function answerAlerts({ duration, seconds, service, component, born }: RuleContext): readonly Alert[] {
  const { answers, citations, unpricedAnswers } = answerMetrics;
  const { scoreAucLow, scoreLabelledAnswers } = scoreMetrics;
  const { increase } = service;
  const { share, long, short } = limits.invalidCitations;
  const invalid = (window: string) => increase(select(citations.name, { valid: 'false' }), duration(window));
  const made = (window: string) => increase(citations.name, duration(window));
  const rejections = limits.rejectedQuestions;
  const rejected = (window: string) => increase(select(answers.name, { outcome: 'rejected' }), duration(window));
  const asked = (window: string) => increase(answers.name, duration(window));
  const common = { service: alertingService, for: '0s' } as const;
  return [
    {
      ...common,
      alert: 'RagCitationsInvalid',
      slo: 'citations_invalid',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: [
        `${invalid(long)} / (${made(long)} > 0) > ${share}`,
        `and ${invalid(short)} / (${made(short)} > 0) > ${share}`,
        `and ${invalid(long)} >= ${alertPolicy.minEvents}`,
        `and ${beyondChance(invalid(long), made(long), usualGuard(share, long))}`,
      ].join('\n'),
      summary: '{{ $value | humanizePercentage }} of citations quote text that is not in the cited source.',
      action: 'Find the model that fabricates sources and review its prompt',
      dashboard: 'quality',
    },
    {
      ...common,
      alert: 'RagQuestionsRejected',
      slo: 'questions_rejected',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: [
        `${rejected(rejections.long)} / (${asked(rejections.long)} > 0) > ${rejections.share}`,
        `and ${rejected(rejections.short)} / (${asked(rejections.short)} > 0) > ${rejections.share}`,
        `and ${rejected(rejections.long)} >= ${alertPolicy.minEvents}`,
        `and ${beyondChance(rejected(rejections.long), asked(rejections.long), usualGuard(rejections.share, rejections.long))}`,
      ].join('\n'),
      summary: 'The model or its content filter rejected {{ $value | humanizePercentage }} of questions.',
      action: 'Find the reason of the rejections. For context_exceeded, set LLM_CONTEXT_WINDOW',
      dashboard: 'requests',
    },
    {
      ...common,
      alert: 'RagUnpricedAnswers',
      slo: 'unpriced_answers',
      severity: 'warning',
      // A new model's series starts with its first answer, which increase() does not count.
      expr: [
        `${increase(unpricedAnswers.name, duration(limits.unpriced), 'model')} > 0`,
        `or ${service.sum(born(unpricedAnswers.name, limits.unpriced), 'model')} > 0`,
      ].join('\n'),
      summary: '{{ $value | printf "%.0f" }} answers of {{ $labels.model }} have no price, so their cost is unknown.',
      action: 'Run `cli -- prices show NAME`, then add the model to PRICE_BOOK',
      dashboard: 'cost',
    },
    {
      ...common,
      alert: 'RagScoreNotSeparating',
      slo: 'score_not_separating',
      severity: 'warning',
      for: duration(limits.scores.notSeparatingFor),
      // A score that was never validated is not shown, so nothing changes when votes say the same.
      expr: [
        `${service.max(select(scoreAucLow.name, { source: 'votes' }), 'score', 'version')} <= ${limits.scores.chance}`,
        `and ${service.max(select(scoreLabelledAnswers.name, { source: 'votes' }), 'score', 'version')} >= ${limits.scores.fewestVotes}`,
        `unless on (${['score', 'version', ...component.labels].join(', ')}) ${component.max(select(scoreAucLow.name, { source: 'shipped' }), 'score', 'version')} <= ${limits.scores.chance}`,
      ].join('\n'),
      summary:
        'Score {{ $labels.score }} does not separate up-voted from down-voted answers: the interval of its AUC begins at {{ $value | printf "%.2f" }}.',
      action: 'Read down-voted answers with high scores, and do not decide by this score until it is validated again',
      dashboard: 'quality',
    },
    {
      ...common,
      alert: 'RagPricesOutOfDate',
      service: scrapeJobs.chat,
      slo: 'prices',
      severity: 'warning',
      for: duration(limits.pricesOutOfDateFor),
      // Shipped prices have no operator who confirmed them: their age is shown, and no fault of an installation.
      expr: `time() - ${component.max(`${priceMetrics.pricesAsOf.name}{origin!="shipped"}`, 'file')} > ${seconds(`${limits.pricesAgeDays}d`)}`,
      summary: 'The {{ $labels.file }} was last updated {{ $value | humanizeDuration }} ago, so costs may be wrong.',
      action: 'Compare it with current prices and set its `checked` date',
      dashboard: 'cost',
    },
  ];
}
