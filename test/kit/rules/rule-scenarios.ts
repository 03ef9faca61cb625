/** Tests rules against made-up series with the real promtool. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertingService } from '../../../alerts/alert-objective.ts';
import { isAlert, type RuleGroup } from '../../../alerts/rule.ts';
import { builtInService } from '../../../services/slo/deployment.ts';
import { neededRules } from './needed-rules.ts';

export type Scenario = {
  readonly name: string;
  /** Interval of samples and evaluations. */
  readonly every: string;
  /** In promtool's notation: `'rag_answers_total{outcome="failed"}': '0+3x60'` */
  readonly series: Readonly<Record<string, string>>;
  readonly checks: readonly (Firing | Notified | Value)[];
};

/** The severities that fire; empty: none. */
type Firing = { readonly at: string; readonly alert: string; readonly fires: readonly string[] };
/** All firing alerts of a name with their annotation texts. */
type Notified = { readonly at: string; readonly alert: string; readonly says: Readonly<Record<string, string>> };
/** Null: there is no value. */
type Value = { readonly at: string; readonly expr: string; readonly is: number | null };

export const noPromtool =
  spawnSync('promtool', ['--version']).error === undefined
    ? null
    : 'promtool is not installed (Debian: apt-get install prometheus)';

if (noPromtool !== null) console.warn(`SKIPPED: rule tests. ${noPromtool}`);

/** @returns promtool's failures; empty if all scenarios pass */
export function runScenarios(all: readonly RuleGroup[], scenarios: readonly Scenario[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'));
  const checks = scenarios.flatMap((scenario) => scenario.checks);
  const groups = neededRules(all, {
    alerts: checks.flatMap((check) => ('alert' in check ? [check.alert] : [])),
    queries: checks.flatMap((check) => ('expr' in check ? [check.expr] : [])),
  });
  try {
    const rules = join(dir, 'rules.yml');
    writeFileSync(rules, stringify({ groups }, { aliasDuplicateObjects: false }));
    return scenarios.map((scenario) => run(groups, dir, rules, scenario)).join('');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function run(groups: readonly RuleGroup[], dir: string, rules: string, scenario: Scenario): string {
  const { name, every, series, checks } = scenario;
  const file = join(dir, 'test.yml');
  const test = {
    interval: every,
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: checks.flatMap((each) => ('says' in each ? [] : [expression(each)])),
    alert_rule_test: checks.flatMap((each) => ('says' in each ? [page(groups, each)] : [])),
  };
  // Without it promtool uses a random order, and series of other groups may be a step old, which is too old at 5 min.
  const group_eval_order = groups.map((group) => group.name);
  writeFileSync(file, stringify({ rule_files: [rules], evaluation_interval: every, group_eval_order, tests: [test] }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  return status === 0 ? '' : `${name}\n${stdout}${stderr}`;
}

function expression(each: Firing | Value) {
  if ('is' in each) {
    const samples = each.is === null ? [] : [{ labels: '{}', value: each.is }];
    return { expr: `sum(round(${each.expr}, 0.001))`, eval_time: each.at, exp_samples: samples };
  }
  const firing = `ALERTS{alertname="${each.alert}",alertstate="firing"}`;
  return {
    expr: `count by (severity) (${firing})`,
    eval_time: each.at,
    exp_samples: each.fires.map((severity) => ({ labels: `{severity="${severity}"}`, value: 1 })),
  };
}

function page(groups: readonly RuleGroup[], { at, alert, says }: Notified) {
  const rules = groups.flatMap((group) => group.rules.filter(isAlert)).filter((rule) => rule.alert === alert);
  const exp_alerts = Object.entries(says).map(([severity, summary]) => {
    const rule = rules.find(({ labels }) => labels.severity === severity);
    if (rule === undefined) throw new Error(`there is no ${severity} alert ${alert}`);
    // The made-up series have no service.
    const labels = {
      ...rule.labels,
      service: rule.labels.service === alertingService ? builtInService : rule.labels.service,
    };
    return { exp_labels: labels, exp_annotations: { ...rule.annotations, summary } };
  });
  return { eval_time: at, alertname: alert, exp_alerts };
}
