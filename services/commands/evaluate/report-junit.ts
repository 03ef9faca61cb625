/** Writes the report of an evaluation as JUnit XML, which CI systems show as test results. */
import type { MeasureComparison } from './compare-results.ts';
import { formatChange, formatValue } from './format-value.ts';
import type { ObjectiveResult } from './judge-objectives.ts';
import { measures } from './measures.ts';
import type { Results } from './results.ts';

type Case = { readonly name: string; readonly failure?: string; readonly skipped?: string };

/**
 * @param comparisons null without a baseline
 * @param failOnBreach whether a breached objective is a failure; otherwise it is reported as skipped, with its value
 */
export function junitReport(
  results: Results,
  judged: readonly ObjectiveResult[],
  comparisons: readonly MeasureComparison[] | null,
  failOnBreach: boolean,
): string {
  const suites = [
    suite(
      'objectives',
      judged.map((each) => objectiveCase(each, failOnBreach)),
    ),
    ...(comparisons === null ? [] : [suite('baseline', comparisons.map(comparisonCase))]),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(`evaluation of ${results.service}`)}">\n${suites.join('')}</testsuites>\n`;
}

function objectiveCase({ objective, value, met }: ObjectiveResult, failOnBreach: boolean): Case {
  const { title: name, unit: of, target } = objective;
  const unit = of === 'ratio' ? 'share' : of;
  if (value === null || met === null) return { name, skipped: 'not judged' };
  if (met) return { name };
  const breach = `breached: ${formatValue(value, unit)}, target ${formatValue(target, unit)}`;
  return failOnBreach ? { name, failure: breach } : { name, skipped: breach };
}

function comparisonCase({ key, baseline, candidate, difference, low, high, pairs, verdict }: MeasureComparison): Case {
  const { title: name, unit } = measures[key];
  if (verdict !== 'worse') return { name };
  const interval = `${formatChange(low, unit)} to ${formatChange(high, unit)}`;
  const values = `${formatValue(baseline, unit)} → ${formatValue(candidate, unit)}`;
  return { name, failure: `${values}: ${formatChange(difference, unit)} (95 %: ${interval}) over ${pairs} questions` };
}

function suite(name: string, cases: readonly Case[]): string {
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((each) => each.skipped !== undefined).length;
  const lines = cases.map((each) => {
    const inner =
      each.failure !== undefined
        ? `<failure message="${escaped(each.failure)}"/>`
        : each.skipped !== undefined
          ? `<skipped message="${escaped(each.skipped)}"/>`
          : '';
    return `    <testcase classname="evaluate.${name}" name="${escaped(each.name)}">${inner}</testcase>\n`;
  });
  return `  <testsuite name="${name}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}">\n${lines.join('')}  </testsuite>\n`;
}

function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
