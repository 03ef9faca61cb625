/** The generated part of an alert's runbook: when it fires, for whom, and by which condition. */
import { type BoardId, boards, boardTitles } from './links.ts';
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
  const conditions = rules.map((rule) => `${rule.labels.severity}:\n\n\`\`\`promql\n${rule.expr}\n\`\`\``);
  return `| severity | told | once it has lasted | and for so long after |
|---|---|---|---|
${rows.join('\n')}

First: **${annotations.action}.** Service ${withoutTemplates(labels.service)}, board
[${boardTitle(annotations.dashboard_url)}](${annotations.dashboard_url}).

<details><summary>the condition</summary>

${conditions.join('\n\n')}

</details>`;
}

/** `{{ $labels.job }}` → *job*, `{{ $value | humanize }}` → *value* */
function withoutTemplates(text: string): string {
  return text.replace(/\{\{.*?\$(?:labels\.)?(\w+).*?\}\}/g, '*$1*').replaceAll('|', '\\|');
}

function boardTitle(url: string): string {
  const board = (Object.keys(boards) as BoardId[]).find((each) => url.endsWith(`/d/${boards[each]}`));
  if (board === undefined) throw new Error(`${url} is no board`);
  return boardTitles[board];
}
