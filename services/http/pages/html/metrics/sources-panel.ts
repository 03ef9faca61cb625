/** Content sources: health, last sync, documents and failing documents. */
import type { SourceStatus } from '../../../../provenance/source.ts';
import { moment } from '../shared/format-time.ts';
import { formatNumber } from '../shared/format-value.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { statusBadge } from '../shared/status-badge.ts';
import { sloStatusTexts } from './slo-status-texts.ts';

export function sourcesPanel(sources: readonly SourceStatus[], language: Language): Html {
  const texts = sloStatusTexts[language].sources;
  const heads = [texts.source, texts.health, texts.lastSync, texts.documents, texts.failing];
  return html`<section class="panel" aria-labelledby="sources-title" data-testid="sources">
<h2 id="sources-title">${texts.title}</h2>
<div class="scroll" role="group" tabindex="0" aria-labelledby="sources-title">
<table>
<caption>${texts.caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody id="sources" data-live>
${sources.length === 0 ? html`<tr><td colspan="5">${texts.none}</td></tr>` : sources.map((source) => row(source, language))}</tbody>
</table>
</div>
</section>`;
}

function row(source: SourceStatus, language: Language): Html {
  return html`<tr data-source="${source.source}"><th scope="row">${source.name} <small class="muted">${source.source}</small></th><td>${health(source, language)}</td><td>${lastSync(source, language)}</td><td><data value="${source.items}">${formatNumber(source.items, language)}</data></td><td>${
    source.failingItems === 0
      ? '0'
      : html`<strong class="breached">${formatNumber(source.failingItems, language)} <span aria-hidden="true">✕</span></strong>`
  }</td></tr>\n`;
}

function health({ enabled, healthStatus, healthError, lastHealthCheck }: SourceStatus, language: Language): Html {
  const texts = sloStatusTexts[language].sources;
  if (!enabled) return statusBadge(null, texts.disabled);
  if (healthStatus === null) return statusBadge(null, texts.notChecked);
  return html`${statusBadge(healthStatus === 'healthy', texts.healths[healthStatus])}${
    lastHealthCheck !== null && html` <small class="muted">${moment(lastHealthCheck, language)}</small>`
  }${healthError !== null && html`<small class="detail">${healthError}</small>`}`;
}

function lastSync({ sync }: SourceStatus, language: Language): Html {
  const texts = sloStatusTexts[language].sources;
  const { outcome, startedAt, finishedAt, succeededAt, error } = sync;
  const at = (when: Date | null) => (when === null ? '' : moment(when, language));
  switch (outcome) {
    case null:
      return html`<span class="muted">${texts.never}</span>`;
    case 'running':
      return html`${texts.running} ${at(startedAt)}`;
    case 'succeeded':
      return html`${texts.succeeded} ${at(succeededAt)}`;
    case 'failed':
      return html`<strong class="breached"><span aria-hidden="true">✕</span> ${texts.failed} ${at(finishedAt)}</strong>${
        error !== null && html`<small class="detail">${error}</small>`
      }${succeededAt !== null && html`<small class="detail">${texts.succeeded} ${at(succeededAt)}</small>`}`;
  }
}
