/** A Prometheus rule file as data, and the labels and annotations of every alert. */

import { type DashboardId, dashboardUrl, type Links, runbookUrl } from '../services/catalogue/links.ts';
import type { Severity } from '../services/slo/slo-model.ts';

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
  readonly labels: {
    readonly service: string;
    readonly slo: string;
    readonly severity: Severity | 'none';
    /** Of alerts whose numbers differ at night. */
    readonly when?: 'day' | 'night';
  };
  readonly annotations: {
    readonly summary: string;
    readonly action: string;
    /** Absent without a base URL in slo.yaml. */
    readonly runbook_url?: string;
    readonly dashboard_url?: string;
  };
};

export type Rule = RecordingRule | AlertRule;

export type RuleGroup = { readonly name: string; readonly interval: string; readonly rules: readonly Rule[] };

/** Definition of an alert, without its links. */
export type Alert = {
  readonly alert: string;
  readonly service: string;
  /** The objective or the component. Unique together with the severity. */
  readonly slo: string;
  readonly severity: Severity | 'none';
  readonly when?: 'day' | 'night';
  readonly expr: string;
  readonly for: string;
  readonly keepFiringFor?: string;
  /** One sentence for the on-call person. May contain Prometheus templates. */
  readonly summary: string;
  readonly action: string;
  readonly dashboard: DashboardId;
};

export function alertRule(definition: Alert, links: Links): AlertRule {
  const { alert, service, slo, severity, when, keepFiringFor, summary, action, dashboard } = definition;
  return {
    alert,
    expr: definition.expr,
    for: definition.for,
    ...(keepFiringFor !== undefined && { keep_firing_for: keepFiringFor }),
    labels: { service, slo, severity, ...(when !== undefined && { when }) },
    annotations: {
      summary,
      action,
      ...(links.runbooks !== '' && { runbook_url: runbookUrl(links, alert) }),
      ...(links.grafana !== '' && { dashboard_url: dashboardUrl(links, dashboard) }),
    },
  };
}

export function isAlert(rule: Rule): rule is AlertRule {
  return 'alert' in rule;
}
