/** Alerts that name a single server or model whose failures the total hides. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { badEvent, guardAgainstChance } from '../../services/slo/chance.ts';
import { parseDuration } from '../../services/slo/duration.ts';
import { limits } from '../../services/slo/limits.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import { beyondChance } from './beyond-chance.ts';
import type { RuleContext } from './rule-context.ts';

/** @param citationTarget share of answers with a valid citation; undefined: no objective */
export function culpritAlerts(
  { duration, service }: RuleContext,
  citationTarget: number | undefined,
): readonly Alert[] {
  const { questions, answers } = answerMetrics;
  const { share, window } = limits.failingPart;
  const { increase, sum, on, labels } = service;
  const common = {
    service: alertingService,
    severity: 'warning',
    for: duration(alertPolicy.for),
    dashboard: 'requests',
  } as const;
  const failing = (label: string, bad: string, all: string) => {
    const of = (series: string) => increase(series, duration(window), label);
    return [
      `${of(bad)} / (${of(all)} > 0) > ${share}`,
      `and ${of(bad)} >= ${alertPolicy.minEvents}`,
      // Where there are others.
      `and ${on} count by (${labels.join(', ')}) (${sum(all, label)}) > 1`,
    ].join('\n');
  };
  const ended = (end: readonly string[]) => select(questions.name, { end });
  const { long, short } = limits.uncitedModel;
  const uncitedOver = (window: string) =>
    increase(select(answers.name, { outcome: 'answered', cited: 'false' }), duration(window), 'model');
  const judgedOver = (window: string) =>
    increase(select(answers.name, { outcome: 'answered', cited: ['true', 'false'] }), duration(window), 'model');
  const guardOver = (window: string) =>
    guardAgainstChance(
      badEvent(1 - (citationTarget ?? 1)),
      limits.uncitedModel.share,
      parseDuration(window),
      limits.uncitedModel.falseAlerts,
    );
  /** Uncited now, and more than random variation explains over the window. */
  const citesNothing = (window: string) => {
    const [uncited, judged] = [uncitedOver(window), judgedOver(window)];
    return [
      `${uncited} / (${judged} > 0) > ${limits.uncitedModel.share}`,
      // Where there are others.
      `and ${on} count by (${labels.join(', ')}) (${judged} > 0) > 1`,
      `and ${beyondChance(uncited, judged, guardOver(window))}`,
      `and ${uncited} >= ${alertPolicy.minEvents}`,
      ...(window === short
        ? []
        : [`and ${uncitedOver(short)} / (${judgedOver(short)} > 0) > ${limits.uncitedModel.share}`]),
    ];
  };
  return [
    {
      ...common,
      alert: 'RagInstanceFailing',
      slo: 'instance_failing',
      expr: failing('instance', ended(['failed', 'gave_up']), ended(['served', 'failed', 'gave_up'])),
      summary: `{{ $value | humanizePercentage }} of the questions at {{ $labels.instance }} failed over ${window}.`,
      action: 'Restart this server or take it out of the load balancer',
    },
    {
      ...common,
      alert: 'RagModelFailing',
      slo: 'model_failing',
      expr: failing(
        'model',
        select(answers.name, { outcome: 'failed' }),
        select(answers.name, { outcome: ['answered', 'no_answer', 'failed'] }),
      ),
      summary: `{{ $value | humanizePercentage }} of the questions to {{ $labels.model }} failed over ${window}.`,
      action: 'Check this model at its provider, or use another one',
    },
    ...(citationTarget === undefined
      ? []
      : [
          {
            ...common,
            alert: 'RagModelUncited',
            slo: 'model_uncited',
            expr: [...citesNothing(short), ...citesNothing(long).with(0, `or ${citesNothing(long)[0]}`)].join('\n'),
            summary: `{{ $value | humanizePercentage }} of the answers of {{ $labels.model }} over ${short} to ${long} have no valid citation.`,
            action: 'Compare the prompt and the answers of this model with those of the others',
            dashboard: 'quality' as const,
          },
        ]),
  ];
}
