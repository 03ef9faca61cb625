/** Alerts on what models cost, compared with the installation's own history and its budget. No amount fits every installation. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { recorded } from '../../services/catalogue/recorded-series.ts';
import { limits } from '../../services/slo/limits.ts';
import { type Severity, severities } from '../../services/slo/slo-model.ts';
import { alertingService } from '../alert-objective.ts';
import type { Alert, RecordingRule } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

const { cost } = answerMetrics;
const { usualSpend } = recorded;
/** Of the days in four weeks: two odd days do not become usual, one busy weekday does. */
const usualQuantile = 0.9;

/** Reads four weeks of costs, so it is evaluated every few minutes only. */
export function recordUsualSpend({ duration, service }: RuleContext): RecordingRule {
  const day = duration('1d');
  const days = `(${service.increase(cost.name, day)})[${duration('28d')}:${day}] offset ${day}`;
  return {
    record: usualSpend,
    expr: [
      `quantile_over_time(${usualQuantile}, ${days})`,
      `and ${service.on} count_over_time(${days}) >= ${limits.spend.days}`,
    ].join('\n'),
  };
}

/** @param dailyBudget yen in 24 hours; undefined: only the history counts */
export function spendAlerts({ duration, service }: RuleContext, dailyBudget: number | undefined): readonly Alert[] {
  const { spend } = limits;
  const { on } = service;
  const day = duration('1d');
  const now = service.increase(cost.name, day);
  /** At the pace of the last hour. A spend that has ended does not fire for the rest of the day. */
  const pace = `24 * ${service.increase(cost.name, duration('1h'))}`;
  const weeksAgo = (weeks: number) => service.sum(`increase(${cost.name}[${day}] offset ${duration(`${7 * weeks}d`)})`);
  const history = (severity: Severity) => [
    `${now} > ${on} ${spend[severity]} * (${usualSpend} > 0)`,
    `and ${on} ${now} - ${on} ${usualSpend} >= ${spend.least[severity]}`,
    `and ${on} ${pace} > ${on} ${usualSpend}`,
    `unless ${on} ${now} <= ${on} ${spend[severity]} * ${weeksAgo(1)}`,
    `unless ${on} ${now} <= ${on} ${spend[severity]} * ${weeksAgo(2)}`,
  ];
  const budget = (severity: Severity) => {
    if (dailyBudget === undefined) return [];
    const most = severity === 'critical' ? dailyBudget * spend.budgetCritical : dailyBudget;
    return [`or ${now} > ${most}`, `and ${on} ${pace} > ${dailyBudget}`];
  };
  const most = (severity: Severity) =>
    dailyBudget === undefined
      ? ''
      : ` or above ¥${severity === 'critical' ? dailyBudget * spend.budgetCritical : dailyBudget} (daily budget: ¥${dailyBudget})`;
  return severities.map((severity) => ({
    service: alertingService,
    alert: 'RagSpend',
    slo: 'spend',
    severity,
    for: '0s',
    expr: [...history(severity), ...budget(severity)].join('\n'),
    summary: `Model costs over 24 hours are ¥{{ $value | printf "%.0f" }}: more than ${spend[severity]} times the usual of this installation${most(severity)}.`,
    action: 'Find the users with the most questions and lower the rate limit if the usage is not intended',
    dashboard: 'cost',
  }));
}
