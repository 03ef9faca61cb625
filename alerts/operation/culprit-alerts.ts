/** Alerts that name a single server or model whose failures the total hides. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { badEvent, guardAgainstChance } from '../../services/slo/chance.ts';
import { parseDuration } from '../../services/slo/duration.ts';
import { limits } from '../../services/slo/limits.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
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
  const { long } = limits.uncitedModel;
  const uncited = increase(select(answers.name, { outcome: 'answered', cited: 'false' }), duration(long), 'model');
  const judged = increase(
    select(answers.name, { outcome: 'answered', cited: ['true', 'false'] }),
    duration(long),
    'model',
  );
  const guard = guardAgainstChance(
    badEvent(1 - (citationTarget ?? 1)),
    limits.uncitedModel.share,
    parseDuration(long),
    limits.uncitedModel.falseAlerts,
  );
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
            expr: [
              `${uncited} / (${judged} > 0) > ${limits.uncitedModel.share}`,
              `and ${uncited} > ${guard.perEvent} * ${judged} + ${guard.perRoot} * sqrt(${judged}) + ${guard.constant}`,
              `and ${uncited} >= ${alertPolicy.minEvents}`,
            ].join('\n'),
            summary: `{{ $value | humanizePercentage }} of the answers of {{ $labels.model }} over ${long} have no valid citation.`,
            action: 'Compare the prompt and the answers of this model with those of the others',
            dashboard: 'quality' as const,
          },
        ]),
  ];
}
