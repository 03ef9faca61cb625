/** Alerts on what answers cite and cost, beside the promises about both. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { priceMetrics } from '../../services/catalogue/price-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import { severities } from '../../services/slo/slo-model.ts';
import { increase, select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { ScaledDurations } from './scaled-durations.ts';

type Cost = { readonly warning?: number; readonly critical?: number };

/** @param costOfAnswer yen beyond which the mean answer is told of; a day of such answers is what a day may cost */
export function answerAlerts({ duration, seconds }: ScaledDurations, costOfAnswer: Cost): readonly Alert[] {
  const { citations, unpricedAnswers, cost } = answerMetrics;
  const { share, long, short } = limits.invalidCitations;
  const invalid = (window: string) => increase(select(citations.name, { valid: 'false' }), duration(window));
  const made = (window: string) => increase(citations.name, duration(window));
  const common = { service: scrapeJobs.chat, for: '0s' } as const;
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
      ].join('\n'),
      summary: '{{ $value | humanizePercentage }} of citations quote what does not stand in their source.',
      action: 'Find the model that makes sources up, and review its prompt',
      dashboard: 'quality',
    },
    {
      ...common,
      alert: 'RagUnpricedAnswers',
      slo: 'unpriced_answers',
      severity: 'warning',
      // A model that nobody knew at the start has its series from its first answer on, which increase() does not see.
      expr: [
        `sum by (model) (increase(${unpricedAnswers.name}[${duration(limits.unpriced)}])) > 0`,
        `or sum by (model) (${unpricedAnswers.name} unless ${unpricedAnswers.name} offset ${duration(limits.unpriced)}) > 0`,
      ].join('\n'),
      summary: '{{ $value | printf "%.0f" }} answers of {{ $labels.model }} have no price: their cost is unknown.',
      action: 'Add the model to the price book (PRICE_BOOK)',
      dashboard: 'cost',
    },
    ...spendLimits(costOfAnswer).map(({ severity, limit }) => ({
      ...common,
      alert: 'RagSpend',
      slo: 'spend',
      severity,
      expr: `${increase(cost.name, duration('1d'))} > ${limit}`,
      summary: `¥{{ $value | printf "%.0f" }} were spent within 24 hours, more than ¥${limit}.`,
      action: 'Review who asks how much, and lower the rate limit if it is not meant',
      dashboard: 'cost' as const,
    })),
    {
      ...common,
      alert: 'RagPricesOutOfDate',
      slo: 'prices',
      severity: 'warning',
      for: duration(limits.pricesOutOfDateFor),
      expr: `time() - max by (file) (${priceMetrics.pricesAsOf.name}) > ${seconds(`${limits.pricesAgeDays}d`)}`,
      summary:
        'The {{ $labels.file }} was last brought up to date {{ $value | humanizeDuration }} ago: costs may be wrong.',
      action: 'Compare it with what is charged today, and write the day into its `checked`',
      dashboard: 'cost',
    },
  ];
}

function spendLimits(costOfAnswer: Cost) {
  return severities.flatMap((severity) => {
    const cost = costOfAnswer[severity];
    return cost === undefined ? [] : [{ severity, limit: cost * limits.answersPerDay }];
  });
}
