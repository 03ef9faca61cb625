/** All rules, as the groups that Prometheus evaluates them in. */
import type { Indicator, Indicators } from '../services/catalogue/indicators.ts';
import type { Links } from '../services/catalogue/links.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type { ObjectiveModel, SloModel } from '../services/slo/slo-model.ts';
import { alertOnBudget, alertOnThreshold, alertsOnJob } from './alert-objective.ts';
import { answerAlerts } from './operation/answer-alerts.ts';
import { databaseAlerts } from './operation/database-alerts.ts';
import { jobAlerts } from './operation/job-alerts.ts';
import { reconciliationAlerts } from './operation/reconciliation-alerts.ts';
import { recordAlerts } from './operation/record-alerts.ts';
import { scaledDurations } from './operation/scaled-durations.ts';
import { telemetryAlerts } from './operation/telemetry-alerts.ts';
import { recordBudget, recordWindow } from './record-objective.ts';
import { type Alert, alertRule, type RuleGroup } from './rule.ts';

/** The burn rate that the time to exhaustion is reckoned with: neither a moment's nor a week's. */
const pace = '6h';

/** Groups of what is promised: in each, what is recorded comes before the alerts that read it. */
export function objectiveGroups(slo: SloModel, indicators: Indicators, links: Links): readonly RuleGroup[] {
  const interval = formatDuration(slo.interval);
  const measured = slo.objectives.map((model) => ({ model, indicator: indicatorOf(indicators, model.key) }));
  const paceWindow = slo.windows.find(({ name }) => name === pace) ?? slo.period;
  return [
    ...measured.map(({ model, indicator }) => ({
      name: `slo_${model.objective.name}`,
      interval,
      rules: [
        ...slo.windows.flatMap((window) => recordWindow(model, indicator, window)),
        ...alertsOn(slo, model).map((alert) => alertRule(alert, links)),
      ],
    })),
    ...slo.jobs.map((job) => ({
      name: `slo_${job.objective.name}`,
      interval,
      rules: alertsOnJob(slo, job, indicatorOf(indicators, job.key)).map((alert) => alertRule(alert, links)),
    })),
    {
      name: 'slo_error_budgets',
      interval: formatDuration(slo.periodInterval),
      rules: measured.flatMap(({ model, indicator }) =>
        recordBudget(model, indicator, { period: slo.period, pace: paceWindow }),
      ),
    },
  ].filter(({ rules }) => rules.length > 0);
}

/** Groups of everything else that somebody has to hear of. */
export function operationGroups(slo: SloModel, links: Links): readonly RuleGroup[] {
  const spans = scaledDurations(slo.scale);
  const rollup = slo.jobs.find(({ key }) => key === 'batchJob')?.objective;
  const costOfAnswer = slo.objectives.find(({ objective }) => objective.unit === 'jpy')?.objective;
  const parts = {
    telemetry: telemetryAlerts(spans),
    records: recordAlerts(spans),
    answers: answerAlerts(spans, costOfAnswer ?? {}),
    jobs: jobAlerts(spans, rollup),
    database: databaseAlerts(spans),
    reconciliation: reconciliationAlerts(spans, costOfAnswer?.target ?? 0),
  };
  return Object.entries(parts).map(([name, alerts]) => ({
    name: `rag_${name}`,
    interval: formatDuration(slo.interval),
    rules: alerts.map((alert) => alertRule(alert, links)),
  }));
}

function alertsOn(slo: SloModel, model: ObjectiveModel): readonly Alert[] {
  const onBudget = model.budgetAlert === null ? [] : [alertOnBudget(slo, model, model.budgetAlert)];
  return [...model.thresholds.map((alert) => alertOnThreshold(slo, model, alert)), ...onBudget];
}

function indicatorOf(indicators: Indicators, key: string): Indicator {
  const indicator = indicators[key];
  if (indicator === undefined) {
    throw new Error(`nothing measures ${key}: add it to services/catalogue/indicators.ts`);
  }
  return indicator;
}
