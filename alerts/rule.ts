/** A Prometheus rule file as data, and what every alert of ours carries. */
import type { Severity } from '../services/slo/slo-model.ts';
import { type BoardId, dashboardUrl, type Links, runbookUrl } from './links.ts';

export type RecordingRule = {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
};

export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: { readonly service: string; readonly slo: string; readonly severity: Severity | 'none' };
  readonly annotations: {
    readonly summary: string;
    readonly action: string;
    readonly runbook_url: string;
    readonly dashboard_url: string;
  };
};

export type Rule = RecordingRule | AlertRule;

export type RuleGroup = { readonly name: string; readonly interval: string; readonly rules: readonly Rule[] };

/** What one alert says, before its links are made. */
export type Alert = {
  readonly alert: string;
  readonly service: string;
  /** The objective it is about, or the part of the house; with the severity it names an alert. */
  readonly slo: string;
  readonly severity: Severity | 'none';
  readonly expr: string;
  readonly for: string;
  readonly keepFor?: string;
  /** One sentence for a person who was woken; may hold Prometheus's templates. */
  readonly summary: string;
  readonly action: string;
  readonly board: BoardId;
};

export function alertRule(given: Alert, links: Links): AlertRule {
  const { alert, service, slo, severity, keepFor, summary, action, board } = given;
  return {
    alert,
    expr: given.expr,
    for: given.for,
    ...(keepFor !== undefined && { keep_firing_for: keepFor }),
    labels: { service, slo, severity },
    annotations: {
      summary,
      action,
      runbook_url: runbookUrl(links, alert),
      dashboard_url: dashboardUrl(links, board),
    },
  };
}

export function isAlert(rule: Rule): rule is AlertRule {
  return 'alert' in rule;
}
