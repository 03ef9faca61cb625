/** The runbook index: all objectives, and all alerts with their first action. */

import { runbookFile } from '../services/catalogue/links.ts';
import type { SloModel } from '../services/slo/slo-model.ts';
import { formatValue } from './format-value.ts';
import type { AlertRule } from './rule.ts';

export function runbookIndex(alerts: readonly AlertRule[], slo: SloModel): string {
  if (alerts.length === 0) throw new Error('the runbook index would be empty');
  const rows = alerts.map(
    ({ alert, labels, annotations }) =>
      `| [${alert}](${runbookFile(alert)}) | ${labels.severity} | ${withoutTemplates(labels.service)} | ${annotations.action} |`,
  );
  const objectives = slo.objectives.map(({ objective }) => {
    const { title, unit, direction, target, warning, critical } = objective;
    const [sign, beyond] = direction === 'atLeast' ? ['≥', '<'] : [direction === 'below' ? '<' : '≤', '>'];
    const step = (value: number | undefined) => (value === undefined ? '' : `${beyond} ${formatValue(value, unit)}`);
    return `| ${title} | ${sign} ${formatValue(target, unit)} | ${step(warning)} | ${step(critical)} |`;
  });
  const jobs = slo.jobs.map(
    ({ objective: { title, everyHours, warning, critical } }) =>
      `| ${title} | every ${everyHours} h | ${runs(warning)} | ${runs(critical)} |`,
  );
  return `| objective | target | warning | critical |
|---|---|---|---|
${[...objectives, ...jobs].join('\n')}

| alert | severity | service | first action |
|---|---|---|---|
${rows.join('\n')}`;
}

function runs(count: number): string {
  return count === 1 ? '1 failed run' : `${count} failed runs in a row`;
}

function withoutTemplates(text: string): string {
  if (!text.includes('{{')) return text;
  return text.includes('$labels.job') ? 'the unreachable service' : 'the affected service';
}
