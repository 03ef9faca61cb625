/** Writes the report of an evaluation as Markdown: for a pull request, and for the terminal. */
import type { MeasureComparison } from './compare-results.ts';
import { formatChange, formatValue } from './format-value.ts';
import type { ObjectiveResult } from './judge-objectives.ts';
import { measureKeys, measures } from './measures.ts';
import { meanOf, type Results, valuesOf } from './results.ts';

const mostIds = 20;

/**
 * @param comparisons null without a baseline
 * @param notes what limits the figures, one sentence each
 */
export function markdownReport(
  results: Results,
  judged: readonly ObjectiveResult[],
  comparisons: readonly MeasureComparison[] | null,
  notes: readonly string[],
): string {
  const worse = (comparisons ?? []).filter(({ verdict }) => verdict === 'worse');
  const sections = [
    `# Evaluation of ${results.service}`,
    `${results.questions.length} questions of ${results.set}, ${results.at}.`,
    comparisons === null ? null : headline(worse),
    table(
      ['measure', 'value', 'questions'],
      measureKeys.flatMap((key) => {
        const values = valuesOf(results, key);
        const mean = meanOf(values);
        return mean === null ? [] : [[measures[key].title, formatValue(mean, measures[key].unit), String(values.size)]];
      }),
    ),
    '## Objectives',
    table(['objective', 'value', 'target', 'verdict'], judged.map(objectiveRow)),
    ...(comparisons === null ? [] : baselineSection(comparisons)),
    ...failures(results),
    ...(notes.length === 0 ? [] : ['## Notes', notes.map((note) => `- ${note}`).join('\n')]),
  ];
  return `${sections.filter((each) => each !== null).join('\n\n')}\n`;
}

function headline(worse: readonly MeasureComparison[]): string {
  if (worse.length === 0) return '**No regression beyond chance.**';
  return `**Regression: ${worse.map(({ key }) => measures[key].title).join('; ')}.**`;
}

const bounds = { atLeast: '≥', atMost: '≤', below: '<' } as const;

function objectiveRow({ objective, value, met }: ObjectiveResult): readonly string[] {
  const unit = objective.unit === 'ratio' ? 'share' : objective.unit;
  return [
    objective.title,
    value === null ? '–' : formatValue(value, unit),
    `${bounds[objective.direction]} ${formatValue(objective.target, unit)}`,
    met === null ? 'not judged' : met ? 'met' : 'breached',
  ];
}

function baselineSection(comparisons: readonly MeasureComparison[]): readonly string[] {
  const rows = comparisons.map(({ key, baseline, candidate, difference, low, high, pairs, verdict }) => {
    const { title, unit } = measures[key];
    const interval = `${formatChange(low, unit)} to ${formatChange(high, unit)}`;
    const values = [
      formatValue(baseline, unit),
      formatValue(candidate, unit),
      formatChange(difference, unit),
      interval,
    ];
    return [title, ...values, String(pairs), verdict === 'worse' ? '**worse**' : verdict];
  });
  const changed = comparisons.filter(({ verdict, worseIds }) => verdict === 'worse' && worseIds.length > 0);
  return [
    '## Compared with the baseline',
    'Paired by question. The interval covers 95 %; a verdict is beyond chance with all measures taken together.',
    table(['measure', 'baseline', 'now', 'change', 'interval', 'pairs', 'verdict'], rows),
    ...changed.map(({ key, worseIds }) => {
      const more = worseIds.length > mostIds ? ` and ${worseIds.length - mostIds} more` : '';
      return `Worse in “${measures[key].title}”: ${worseIds.slice(0, mostIds).map(code).join(', ')}${more}`;
    }),
  ];
}

function failures({ questions }: Results): readonly string[] {
  const failed = questions.filter(({ failure }) => failure !== null);
  if (failed.length === 0) return [];
  const byReason = Map.groupBy(failed, ({ failure }) => failure ?? '');
  const lines = [...byReason].map(
    ([reason, each]) => `- ${reason}: ${each.length}, for example ${code(each[0]?.id ?? '')}`,
  );
  return ['## Failed questions', lines.join('\n')];
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(id: string): string {
  return `\`${id.replaceAll('`', "'")}\``;
}
