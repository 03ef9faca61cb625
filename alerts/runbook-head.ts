/** The generated part of an alert's runbook: when it fires, for whom, and by which condition. */
import { type DashboardId, dashboards, dashboardTitles } from '../services/catalogue/links.ts';
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
    ([condition, of = []]) => `${of.map(({ labels: { severity } }) => severity).join(', ')}: ${condition}`,
  );
  return `| severity | told | once it has lasted | and for so long after |
|---|---|---|---|
${rows.join('\n')}

First: **${annotations.action}.** Service ${withoutTemplates(labels.service)}, board
[${boardTitle(annotations.dashboard_url)}](${annotations.dashboard_url}).

${conditions.join('\n\n')}`;
}

const longest = 4;

/** A long one in words: whoever was paged has to reach what follows. */
function conditionOf({ alert, expr }: AlertRule): string {
  if (expr.split('\n').length <= longest) return `the condition is\n\`\`\`promql\n${expr}\n\`\`\``;
  const windows = expr.split(/^\s*or on\(slo\)$/m).map((way) => {
    const [long, short] = new Set(
      [...way.matchAll(/(?:increase|ratio|value:|burn_rate:)(\d+[smhd])\{/g)].map(([, span]) => span),
    );
    return `${long} and still in ${short}`;
  });
  return `within ${windows.join(', or ')}, and more than chance explains
([how](../slo.md#when-an-alert-fires)). The whole of it: \`alert: ${alert}\` in \`alerts/generated/slo-rules.yml\`.`;
}

/** `{{ $labels.job }}` → *job*, `{{ $value | humanize }}` → *value* */
function withoutTemplates(text: string): string {
  return text.replace(/\{\{.*?\$(?:labels\.)?(\w+).*?\}\}/g, '*$1*').replaceAll('|', '\\|');
}

function boardTitle(url: string): string {
  const board = (Object.keys(dashboards) as DashboardId[]).find((each) => url.endsWith(`/d/${dashboards[each]}`));
  if (board === undefined) throw new Error(`${url} is no board`);
  return dashboardTitles[board];
}
