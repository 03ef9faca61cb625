/** All rules, in their evaluation groups. */
import type { Indicator, Indicators } from '../services/catalogue/indicators.ts';
import type { Links } from '../services/catalogue/links.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import { formatDuration } from '../services/slo/duration.ts';
import { expected as ownExpected, spend } from '../services/slo/limits.ts';
import type { ObjectiveModel, SloModel } from '../services/slo/slo-model.ts';
import { alertOnBudget, alertOnExhaustedBudget, alertOnThreshold, alertsOnJob } from './alert-objective.ts';
import { answerAlerts } from './operation/answer-alerts.ts';
import { culpritAlerts } from './operation/culprit-alerts.ts';
import { databaseAlerts } from './operation/database-alerts.ts';
import { inputAlerts } from './operation/input-alerts.ts';
import { intakeAlerts } from './operation/intake-alerts.ts';
import { jobAlerts } from './operation/job-alerts.ts';
import { probeAlerts } from './operation/probe-alerts.ts';
import { reconciliationAlerts } from './operation/reconciliation-alerts.ts';
import { recordAlerts } from './operation/record-alerts.ts';
import { ruleContext } from './operation/rule-context.ts';
import { searchAlerts } from './operation/search-alerts.ts';
import { recordUsualSpend, spendAlerts } from './operation/spend-alerts.ts';
import { type Expected, targetAlerts } from './operation/target-alerts.ts';
import { telemetryAlerts } from './operation/telemetry-alerts.ts';
import { trafficAlerts } from './operation/traffic-alerts.ts';
import { serviceScope } from './promql.ts';
import { recordBudget, recordWindow } from './record-objective.ts';
import { type Alert, alertRule, type RecordingRule, type Rule, type RuleGroup } from './rule.ts';

/** Window of the burn rate from which the time to exhaustion is calculated. */
const pace = '6h';

/** The default limit of Mimir and of Grafana Cloud. */
export const maxRulesPerGroup = 20;

/**
 * Rule groups of the objectives. The windows that detect a large breach within minutes are recorded in the group of the alerts,
 * just before them. The alerts read the other windows up to one interval later.
 */
export function objectiveGroups(slo: SloModel, indicators: Indicators, links: Links): readonly RuleGroup[] {
  const interval = formatDuration(slo.interval);
  const measured = [...slo.objectives, ...slo.ofServices].map((model) => ({
    model,
    indicator: indicatorOf(indicators, model.key),
    suffix: model.services !== null && 'only' in model.services ? `_${model.services.only.replace(/\W/g, '_')}` : '',
  }));
  const paceWindow = slo.windows.find(({ name }) => name === pace) ?? slo.period;
  const scope = serviceScope(slo.deployment);
  return [
    ...measured.flatMap(({ model, indicator, suffix }) => {
      const name = `slo_${model.objective.name}${suffix}`;
      const rules = slo.windows.map((window) => ({ window, rules: recordWindow(model, indicator, window, scope) }));
      const isFast = ({ name: window }: { name: string }) => slo.fastWindows.includes(window);
      // The value of a quantile is for display only.
      const isRead = ({ record }: RecordingRule) =>
        model.objective.kind !== 'quantile' || !record.startsWith(recorded.value({ name: '' }));
      const fast = rules.filter(({ window }) => isFast(window)).flatMap((each) => each.rules);
      const slow = rules.filter(({ window }) => !isFast(window)).flatMap((each) => each.rules);
      const shown = fast.filter((rule) => !isRead(rule));
      const alerts = alertsOn(slo, model).map((alert) => alertRule(alert, links));
      return [
        ...inGroups(`${name}_windows`, interval, [...slow, ...shown]),
        ...inGroups(name, interval, [...fast.filter(isRead), ...alerts]),
      ];
    }),
    ...slo.jobs.flatMap((job) =>
      inGroups(
        `slo_${job.objective.name}`,
        interval,
        alertsOnJob(slo, job, indicatorOf(indicators, job.key)).map((alert) => alertRule(alert, links)),
      ),
    ),
    ...measured.flatMap(({ model, indicator, suffix }) =>
      inGroups(
        `slo_error_budget_${model.objective.name}${suffix}`,
        formatDuration(slo.periodInterval),
        recordBudget(model, indicator, { period: slo.period, pace: paceWindow }, scope),
      ),
    ),
  ];
}

function inGroups(name: string, interval: string, rules: readonly Rule[]): readonly RuleGroup[] {
  return Array.from({ length: Math.ceil(rules.length / maxRulesPerGroup) }, (_, index) => ({
    name: index === 0 ? name : `${name}_${index + 1}`,
    interval,
    rules: rules.slice(index * maxRulesPerGroup, (index + 1) * maxRulesPerGroup),
  }));
}

/** What slo.yaml says about the installation: yen in 24 hours, and the fewest targets of each job. */
export type Installation = { readonly dailyBudget?: number | undefined; readonly expected?: Expected };

/** Rule groups of all operational alerts. */
export function operationGroups(
  slo: SloModel,
  links: Links,
  { dailyBudget = spend.dailyBudget, expected = ownExpected }: Installation = {},
): readonly RuleGroup[] {
  const context = ruleContext(slo);
  const rollup = slo.jobs.find(({ objective }) => objective.indicator === 'rollup')?.objective;
  const costOfAnswer = slo.objectives.find(({ objective }) => objective.indicator === 'cost_per_answer')?.objective;
  const citations = slo.objectives.find(({ objective }) => objective.indicator === 'citation_rate')?.objective;
  const parts = {
    telemetry: telemetryAlerts(context),
    targets: targetAlerts(context, expected),
    inputs: inputAlerts(context),
    traffic: trafficAlerts(context),
    culprits: culpritAlerts(context, citations?.target),
    records: recordAlerts(context),
    intake: intakeAlerts(context),
    answers: answerAlerts(context),
    spend: spendAlerts(context, dailyBudget),
    probe: probeAlerts(context),
    search: searchAlerts(context),
    jobs: jobAlerts(context, rollup),
    database: databaseAlerts(context),
    reconciliation: reconciliationAlerts(context, costOfAnswer?.target ?? 0),
  };
  return [
    ...inGroups('rag_spend_usual', formatDuration(slo.periodInterval), [recordUsualSpend(context)]),
    ...Object.entries(parts).flatMap(([name, alerts]) =>
      inGroups(
        `rag_${name}`,
        formatDuration(slo.interval),
        alerts.map((alert) => alertRule(alert, links)),
      ),
    ),
  ];
}

function alertsOn(slo: SloModel, model: ObjectiveModel): readonly Alert[] {
  const onBudget = model.budgetAlert === null ? [] : [alertOnBudget(slo, model, model.budgetAlert)];
  const onExhausted = model.exhausted === null ? [] : [alertOnExhaustedBudget(slo, model, model.exhausted)];
  return [...model.thresholds.map((alert) => alertOnThreshold(slo, model, alert)), ...onBudget, ...onExhausted];
}

function indicatorOf(indicators: Indicators, key: string): Indicator {
  const indicator = indicators[key];
  if (indicator === undefined) {
    throw new Error(`objective ${key} has no indicator: name one of services/slo/indicator-names.ts`);
  }
  return indicator;
}
