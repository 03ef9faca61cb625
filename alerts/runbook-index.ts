/** The index of runbooks: every alert, when it fires, and what a person does first. */

import { runbookFile } from '../services/catalogue/links.ts';
import type { SloModel } from '../services/slo/slo-model.ts';
import { formatValue } from './format-value.ts';
import type { AlertRule } from './rule.ts';

export function runbookIndex(alerts: readonly AlertRule[], slo: SloModel): string {
  if (alerts.length === 0) throw new Error('the index of runbooks would be empty');
  const rows = alerts.map(
    ({ alert, labels, annotations }) =>
      `| [${alert}](${runbookFile(alert)}) | ${labels.severity} | ${withoutTemplates(labels.service)} | ${annotations.action} |`,
  );
  const promises = slo.objectives.map(({ objective }) => {
    const { title, unit, direction, target, warning, critical } = objective;
    const [sign, beyond] = direction === 'atLeast' ? ['≥', '<'] : [direction === 'below' ? '<' : '≤', '>'];
    const step = (value: number | undefined) => (value === undefined ? '' : `${beyond} ${formatValue(value, unit)}`);
    return `| ${title} | ${sign} ${formatValue(target, unit)} | ${step(warning)} | ${step(critical)} |`;
  });
  const jobs = slo.jobs.map(
    ({ objective: { title, everyHours, warning, critical } }) =>
      `| ${title} | every ${everyHours} h | ${warning} failed | ${critical} failed in a row |`,
  );
  return `| target | kept | warning | critical |
|---|---|---|---|
${[...promises, ...jobs].join('\n')}

| alert | severity | service | first |
|---|---|---|---|
${rows.join('\n')}`;
}

function withoutTemplates(text: string): string {
  return text.includes('{{') ? 'the one that is away' : text;
}
