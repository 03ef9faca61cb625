/** The totals of today so far. */
import type { DayReport } from '../../../../rollup/day-report.ts';
import { shownObjective } from '../../../../slo/objectives.ts';
import { formatMeasure, formatNumber, formatYen } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { metricsTexts } from './metrics-texts.ts';

export function totalsList({ report, language }: { report: DayReport; language: Language }): Html {
  const texts = metricsTexts[language];
  const { totals } = report;
  const number = (value: number) => formatNumber(value, language);
  const p99 = totals.latencyP99Ms;
  const items: readonly (readonly [string, string, string?])[] = [
    [texts.answers, number(totals.queries)],
    [texts.notFound, number(totals.noAnswer)],
    [texts.failures, number(totals.failed)],
    [texts.users, number(totals.uniqueUsers)],
    [texts.citations, number(totals.citations)],
    [texts.sources, number(totals.uniqueSources)],
    [texts.votes, number(totals.votes), texts.voteCounts(totals.positiveVotes, totals.votes - totals.positiveVotes)],
    [
      texts.totalCost,
      totals.totalCostJpy === null ? '–' : formatYen(totals.totalCostJpy, language),
      totals.totalCostJpy === null && totals.queries > 0 ? texts.noPrice : undefined,
    ],
    [texts.tokens, totals.averageTokens === null ? '–' : number(totals.averageTokens)],
    [texts.p99, p99 === null ? '–' : formatMeasure(shownObjective('latency', 0.95), p99 / 1_000, language)],
  ].map(([name = '', value = '', note]) => (note === undefined ? [name, value] : [name, value, note]));
  return html`<section class="panel" aria-labelledby="totals-title">
<h2 id="totals-title">${texts.totals}</h2>
<dl class="totals" id="totals" data-live data-testid="totals">
${items.map(
  ([name, value, note]) =>
    html`<div><dt>${name}</dt><dd>${value}${note !== undefined && html`<small>${note}</small>`}</dd></div>\n`,
)}</dl>
</section>`;
}
