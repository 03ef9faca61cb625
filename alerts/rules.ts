/** All rules, in their evaluation groups. */
import type { Indicator, Indicators } from '../services/catalogue/indicators.ts';
import type { Links } from '../services/catalogue/links.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type { ObjectiveModel, SloModel } from '../services/slo/slo-model.ts';
import { alertOnBudget, alertOnThreshold, alertsOnJob } from './alert-objective.ts';
import { answerAlerts } from './operation/answer-alerts.ts';
import { databaseAlerts } from './operation/database-alerts.ts';
import { intakeAlerts } from './operation/intake-alerts.ts';
import { jobAlerts } from './operation/job-alerts.ts';
import { reconciliationAlerts } from './operation/reconciliation-alerts.ts';
import { recordAlerts } from './operation/record-alerts.ts';
import { scaledDurations } from './operation/scaled-durations.ts';
import { telemetryAlerts } from './operation/telemetry-alerts.ts';
import { recordBudget, recordWindow } from './record-objective.ts';
import { type Alert, alertRule, type RuleGroup } from './rule.ts';

/** Window of the burn rate from which the time to exhaustion is calculated. */
const pace = '6h';

/** Rule groups of the objectives. In each group, recording rules precede the alerts that read them. */
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

/** Rule groups of all operational alerts. */
export function operationGroups(slo: SloModel, links: Links): readonly RuleGroup[] {
  const durations = scaledDurations(slo.scale);
  const rollup = slo.jobs.find(({ key }) => key === 'batchJob')?.objective;
  const costOfAnswer = slo.objectives.find(({ objective }) => objective.unit === 'jpy')?.objective;
  const parts = {
    telemetry: telemetryAlerts(durations),
    records: recordAlerts(durations),
    intake: intakeAlerts(durations),
    answers: answerAlerts(durations, costOfAnswer ?? {}),
    jobs: jobAlerts(durations, rollup),
    database: databaseAlerts(durations),
    reconciliation: reconciliationAlerts(durations, costOfAnswer?.target ?? 0),
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
    throw new Error(`objective ${key} has no indicator: add one to services/catalogue/indicators.ts`);
  }
  return indicator;
}
