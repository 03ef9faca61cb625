/** The worst answers by id and metrics, without question and answer text. */
import { shownObjective } from '../../../../slo/objectives.ts';
import { met } from '../../../../slo/verdict.ts';
import type { WorstAnswer } from '../../../routes/admin/worst-answers.ts';
import { moment } from '../shared/format-time.ts';
import { formatMeasure, formatNumber, formatYen } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { sloStatusTexts } from './slo-status-texts.ts';

export function worstAnswersPanel(answers: readonly WorstAnswer[], language: Language): Html {
  const texts = sloStatusTexts[language].worst;
  const heads = [texts.at, texts.vote, texts.cited, texts.relevance, texts.latency, texts.cost, texts.model];
  return html`<section class="panel" aria-labelledby="worst-title" data-testid="worst-answers">
<h2 id="worst-title">${texts.title}</h2>
<div class="scroll" role="group" tabindex="0" aria-labelledby="worst-title">
<table>
<caption>${texts.caption}</caption>
<thead><tr>${[...heads, texts.answer, texts.trace].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody id="worst" data-live>
${answers.length === 0 ? html`<tr><td colspan="9">${texts.none}</td></tr>` : answers.map((answer) => row(answer, language))}</tbody>
</table>
</div>
</section>`;
}

function row(answer: WorstAnswer, language: Language): Html {
  const texts = sloStatusTexts[language].worst;
  const { citationRate, relevance, latencyMs, costJpy } = answer;
  const uncited = citationRate === 0;
  return html`<tr data-answer="${answer.id}"><th scope="row">${moment(answer.answeredAt, language)}</th><td>${vote(answer, language)}</td><td>${
    citationRate === null
      ? '–'
      : marked(uncited, html`<data value="${citationRate / 100}">${formatNumber(citationRate, language)}%</data>`)
  }</td><td>${
    relevance === null
      ? html`<span class="muted">${texts.notScored}</span>`
      : marked(
          met(shownObjective('relevance'), relevance) === false,
          html`<data value="${relevance}">${formatMeasure(shownObjective('relevance'), relevance, language)}</data>`,
        )
  }</td><td>${
    latencyMs === null
      ? '–'
      : html`<data value="${latencyMs / 1_000}">${formatMeasure(shownObjective('latency', 0.95), latencyMs / 1_000, language)}</data>`
  }</td><td>${
    costJpy === null
      ? html`<span class="muted">${texts.noPrice}</span>`
      : html`<data value="${costJpy}">${formatYen(costJpy, language)}</data>`
  }</td><td>${answer.model ?? '–'}</td><td><code>${answer.id}</code></td><td>${
    answer.traceId === null ? html`<span class="muted">${texts.notTraced}</span>` : html`<code>${answer.traceId}</code>`
  }</td></tr>\n`;
}

function vote({ vote: cast }: WorstAnswer, language: Language): Html {
  const texts = sloStatusTexts[language].worst;
  if (cast === null) return html`<span class="muted">${texts.noVote}</span>`;
  return cast === 1
    ? html`<span aria-hidden="true">▲</span> ${texts.up}`
    : html`<strong class="breached"><span aria-hidden="true">▼</span> ${texts.down}</strong>`;
}

function marked(breached: boolean, value: Html): Html {
  return breached ? html`${value} <strong class="breached" aria-hidden="true">✕</strong>` : value;
}
