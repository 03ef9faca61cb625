/** The generated part of an alert's runbook: severities, messages and conditions. */
import { type DashboardId, dashboards, dashboardTitles } from '../services/catalogue/links.ts';
import { alertingService } from './alert-objective.ts';
import type { AlertRule } from './rule.ts';

/** @param rules all severities of one alert */
export function runbookHead(rules: readonly AlertRule[]): string {
  const [first] = rules;
  if (first === undefined) throw new Error('an alert without rules has no runbook');
  const { labels, annotations } = first;
  const rows = rules.map(
    (rule) =>
      `| ${rule.labels.severity} | ${withoutTemplates(rule.annotations.summary)} | ${rule.for} | ${rule.keep_firing_for ?? ''} |`,
  );
  const conditions = Object.entries(Object.groupBy(rules, conditionOf)).map(
    ([condition, of = []]) => `Condition (${of.map(({ labels: { severity } }) => severity).join(', ')}):${condition}`,
  );
  return `| severity | message | for | keep firing for |
|---|---|---|---|
${rows.join('\n')}

First action: **${annotations.action}.** Service: ${serviceText(labels.service)}.${dashboardText(annotations.dashboard_url)}

${conditions.join('\n\n')}`;
}

const maxLines = 4;

/** A long condition is described in words, so that the steps below stay in reach. */
function conditionOf({ alert, expr }: AlertRule): string {
  const hasWindows = /(?:increase|ratio|value:|burn_rate:)\d+[smhd]\{/.test(expr);
  if (expr.split('\n').length <= maxLines || !hasWindows) return `\n\`\`\`promql\n${expr}\n\`\`\``;
  const windows = expr.split(/^\s*or on \(.*\)$/m).map((pair) => {
    const [long, short] = new Set(
      [...pair.matchAll(/(?:increase|ratio|value:|burn_rate:)(\d+[smhd])\{/g)].map(([, window]) => window),
    );
    return `${long} and ${short}`;
  });
  return ` the value is beyond the threshold over ${windows.join(', or over ')}, by more than random variation
([details](../slo.md#when-an-alert-fires)). Full expression: \`alert: ${alert}\` in \`alerts/generated/slo-rules.yml\`.`;
}

function serviceText(service: string): string {
  return service === alertingService ? 'the one in the label `service`' : withoutTemplates(service);
}

/** `{{ $labels.job }}` → *job*, `{{ $value | humanize }}` → *value*. Parts that only some messages have are left out. */
function withoutTemplates(text: string): string {
  return text
    .replace(
      /\{\{ with (?:(?!\{\{ end \}\}).)*?\}\}(?:(?!\{\{ (?:else|end) \}\}).)*(\{\{ else \}\})?.*?\{\{ end \}\}/g,
      (_, or) => (or === undefined ? '' : '*value now*'),
    )
    .replace(/\{\{.*?\$(?:labels\.)?(\w+).*?\}\}/g, '*$1*')
    .replaceAll('|', '\\|');
}

function dashboardText(url: string | undefined): string {
  return url === undefined ? '' : ` Dashboard:\n[${titleOf(url)}](${url}).`;
}

function titleOf(url: string): string {
  const dashboard = (Object.keys(dashboards) as DashboardId[]).find((each) => url.endsWith(`/d/${dashboards[each]}`));
  if (dashboard === undefined) throw new Error(`${url} is not a dashboard URL`);
  return dashboardTitles[dashboard];
}
