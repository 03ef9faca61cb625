/** The index of runbooks: every alert, when it fires, and what a person does first. */
import type { SloModel } from '../services/slo/slo-model.ts';
import { formatValue } from './format-value.ts';
import { runbookFile } from './links.ts';
import type { AlertRule } from './rule.ts';

export function runbookIndex(alerts: readonly AlertRule[], slo: SloModel): string {
  if (alerts.length === 0) throw new Error('the index of runbooks would be empty');
  const rows = alerts.map(
    ({ alert, labels, annotations }) =>
      `| [${alert}](${runbookFile(alert)}) | ${labels.severity} | ${withoutTemplates(labels.service)} | ${annotations.action} |`,
  );
  const promises = slo.objectives.map(({ objective }) => {
    const { title, unit, direction, promise, warning, critical } = objective;
    const [sign, beyond] = direction === 'atLeast' ? ['≥', '<'] : [direction === 'below' ? '<' : '≤', '>'];
    const step = (value: number | undefined) => (value === undefined ? '' : `${beyond} ${formatValue(value, unit)}`);
    return `| ${title} | ${sign} ${formatValue(promise, unit)} | ${step(warning)} | ${step(critical)} |`;
  });
  const jobs = slo.jobs.map(
    ({ objective: { title, everyHours, warning, critical } }) =>
      `| ${title} | every ${everyHours} h | ${warning} failed | ${critical} failed in a row |`,
  );
  return `| promise | kept | warning | critical |
|---|---|---|---|
${[...promises, ...jobs].join('\n')}

| alert | severity | service | first |
|---|---|---|---|
${rows.join('\n')}`;
}

function withoutTemplates(text: string): string {
  return text.includes('{{') ? 'the one that is away' : text;
}
