/** Which alerts stay silent while another one fires, so that one incident sends one notification. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { builtInService } from '../../services/slo/deployment.ts';
import type { IndicatorName } from '../../services/slo/indicator-names.ts';
import type { Objective } from '../../services/slo/objectives.ts';
import { alertName } from '../alert-objective.ts';

/** Alerts that routes refer to by name. */
export const watchdog = 'RagWatchdog';
export const targetDown = 'RagTargetDown';
const databaseDown = 'RagDatabaseDown';
/** Alerts based on another service's metrics: missing metrics of their own service must not inhibit them. */
const measuredElsewhere = [databaseDown];

type Inhibition = {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
};

/**
 * A label that both sides lack counts as equal. Every generated alert has `service` and `slo`. Alerts without identity labels
 * belong to the same deployment. No two alerts inhibit each other: both would stay silent.
 */
export function inhibitions(
  identity: readonly string[],
  objectives: Readonly<Record<string, Objective>>,
): readonly Inhibition[] {
  const ofService = ['service', ...identity];
  const names = (indicator: IndicatorName) =>
    Object.values(objectives).flatMap((objective) => (objective.indicator === indicator ? [objective.name] : []));
  const [errors, availability] = [names('error_rate'), names('availability')];
  const budgets = Object.values(objectives).flatMap((objective) =>
    'budgetAlert' in objective && objective.budgetAlert === true ? [objective.name] : [],
  );
  const withBudget = (some: readonly string[]) => some.filter((name) => budgets.includes(name));
  const lost = [...errors, ...availability];
  const rule = (
    source: readonly string[],
    target: readonly string[],
    equal: readonly string[] = ofService,
  ): Inhibition => ({
    source_matchers: source,
    target_matchers: target,
    equal,
  });
  const named = (some: readonly string[]) => `alertname=~"${some.join('|')}"`;
  const slo = (some: readonly string[]) => `slo=~"${some.join('|')}"`;
  return [
    rule(['severity="critical"'], ['severity="warning"'], ['service', 'slo', ...identity]),
    rule(
      [`alertname="${targetDown}"`, 'severity="critical"'],
      [`alertname!~"${[targetDown, watchdog, ...measuredElsewhere].join('|')}"`],
    ),
    // A threshold that is exceeded also uses the budget.
    ...budgets.map((name) => rule([`alertname="${alertName(name)}"`], [slo(budgetNames([name]))])),
    ...budgets.map((name) => rule([`slo="${name}_budget"`], [`slo="${name}_budget_exhausted"`])),
    // Failed questions are unavailable ones too. The alert that knows the failures speaks, unless only the other pages.
    ...(errors.length === 0 || availability.length === 0
      ? []
      : [
          rule(
            [slo(errors), 'severity="critical"'],
            [slo([...availability, ...budgetNames(withBudget(availability))])],
          ),
          rule(
            [slo(errors), 'severity="warning"'],
            [slo([...availability, ...budgetNames(withBudget(availability))]), 'severity="warning"'],
          ),
          rule(
            [slo(availability), 'severity="critical"'],
            [slo([...errors, ...budgetNames(withBudget(errors))]), 'severity="warning"'],
          ),
          ...[withBudget(errors)].flatMap((some) =>
            some.length === 0
              ? []
              : [
                  rule(
                    [slo(some.map((name) => `${name}_budget`))],
                    [slo(availability.map((name) => `${name}_budget`))],
                  ),
                  rule(
                    [slo(some.map((name) => `${name}_budget_exhausted`))],
                    [slo(availability.map((name) => `${name}_budget_exhausted`))],
                  ),
                ],
          ),
        ]),
    // The page says that questions are lost. What names the cause does not send a message of its own.
    ...(lost.length === 0 ? [] : [rule([slo(lost), 'severity="critical"'], [named(causes), 'severity="warning"'])]),
    ...names('citation_rate').map((name) =>
      rule([slo([name]), 'severity="critical"'], ['alertname="RagModelUncited"']),
    ),
    // What names the culprit says more than the budget that it uses.
    ...(withBudget(lost).length === 0
      ? []
      : [rule([named(['RagInstanceFailing', 'RagModelFailing'])], [slo(budgetNames(withBudget(lost)))])]),
    rule(['alertname="RagNoTraffic"'], ['alertname="RagTrafficDrop"']),
    // Servers that restart or vanish: the alert that says why speaks. A program that is down has no metrics either.
    rule(['alertname="RagCrashLoop"'], [named(['RagTargetsVanished', targetDown]), 'severity="warning"']),
    rule([named(['RagInputMissing', 'RagChatSilent', 'RagWorkerSilent'])], ['alertname="RagSeriesMissing"']),
    rule([named(['RagChatSilent', 'RagWorkerSilent'])], [named(['RagInputMissing', 'RagTargetsVanished'])]),
    ...names('cost_per_answer').map((name) => rule([slo([name]), 'severity="critical"'], ['slo="spend"'])),
    // Without the database, questions of the chat server fail. Other services record later.
    ...(lost.length === 0
      ? []
      : [
          rule(
            [`alertname="${databaseDown}"`],
            [slo([...lost, ...budgetNames(withBudget(lost))]), `service="${builtInService}"`],
            identity,
          ),
        ]),
    rule(
      [`alertname="${databaseDown}"`],
      [
        named(symptomsOfDatabase),
        `service=~"${[builtInService, scrapeJobs.chat, scrapeJobs.worker, scrapeJobs.database].join('|')}"`,
      ],
      identity,
    ),
  ];
}

/** Warnings that name why questions are lost. */
const causes = ['RagSignInFailing', 'RagInstanceFailing', 'RagModelFailing', 'RagQuestionsLeft'];

/** Alerts that fire because the database is unavailable. */
const symptomsOfDatabase = [
  'RagDatabaseUnreachable',
  'RagDatabaseExporter',
  'RagRecordStalled',
  'RagRecordRejected',
  'RagRetentionFailed',
  'RagBatchJob',
  'RagReconciliationFailed',
  'RagSignInFailing',
  'RagInstanceFailing',
  'RagModelFailing',
  'RagQuestionsLeft',
  'RagNoTraffic',
  'RagTrafficDrop',
  'RagSeriesMissing',
];

function budgetNames(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`${name}_budget`, `${name}_budget_exhausted`]);
}
