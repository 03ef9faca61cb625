/** Alerts that fire and those of the last week, or why nothing is known of them. */
import type { AlertStatus, PrometheusStatus } from '../../../../slo/slo-status.ts';
import { moment } from '../shared/format-time.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { statusMark } from '../shared/status-badge.ts';
import { standingTexts } from './slo-status-texts.ts';

/** Rows on the page; the API tells more. */
const most = 10;

export function alertsPanel(watched: PrometheusStatus, language: Language): Html {
  const texts = standingTexts[language].alerts;
  const firing = watched.state === 'connected' ? watched.firing.length : 0;
  const quiet = watched.state === 'connected' && watched.rulesRun;
  const announced = firing > 0 ? texts.firing(firing) : quiet ? texts.none : texts.unknown;
  return html`<section class="panel" aria-labelledby="alerts-title" data-testid="alerts">
<h2 id="alerts-title">${texts.title}</h2>
<div id="alerts" data-live ${watched.state === 'waiting' && html`data-waiting `}data-met="${announced}" data-announce="${announced}">
${watched.state === 'connected' ? connected(watched, language) : unknown(watched, language)}
</div>
</section>`;
}

function unknown(watched: Exclude<PrometheusStatus, { state: 'connected' }>, language: Language): Html {
  const texts = standingTexts[language].alerts;
  const why = { not_connected: texts.notConnected, waiting: texts.waiting, unreachable: texts.away }[watched.state];
  return html`<p>${statusMark(null, texts.unknown)}</p>
<p>${why}${'asOf' in watched && html` (${moment(new Date(watched.asOf), language)})`}</p>`;
}

function connected(
  { firing, ended, rulesRun }: Extract<PrometheusStatus, { state: 'connected' }>,
  language: Language,
): Html {
  const texts = standingTexts[language].alerts;
  const quiet = rulesRun ? statusMark(true, texts.none) : statusMark(null, texts.unknown);
  const rows = [...firing, ...ended].slice(0, most);
  return html`<p>${firing.length === 0 ? quiet : statusMark(false, texts.firing(firing.length))}</p>
${!rulesRun && html`<p class="problem">${texts.rulesStand}: <a id="alert-watchdog" href="/runbooks/RagWatchdog.md">RagWatchdog</a></p>`}
${rows.length === 0 ? html`<p class="muted">${texts.noneLately}</p>` : table(rows, language)}`;
}

function table(rows: readonly AlertStatus[], language: Language): Html {
  const texts = standingTexts[language].alerts;
  return html`<div class="scroll" role="group" tabindex="0" id="alerts-scroll" aria-labelledby="alerts-title">
<table>
<caption>${texts.caption}</caption>
<thead><tr><th scope="col">${texts.name}</th><th scope="col">${texts.severity}</th><th scope="col">${texts.about}</th><th scope="col">${texts.since}</th><th scope="col">${texts.until}</th></tr></thead>
<tbody>
${rows.map(
  (alert, index) =>
    html`<tr class="${alert.until === null ? 'firing' : 'ended'}"><th scope="row">${runbook(alert, index)}</th><td>${severity(alert, language)}</td><td>${
      [alert.slo, alert.service].filter((text) => text !== null).join(' · ') || '–'
    }</td><td>${moment(new Date(alert.since), language)}</td><td>${
      alert.until === null
        ? html`<strong class="missed">${texts.fires}</strong>`
        : moment(new Date(alert.until), language)
    }</td></tr>\n`,
)}</tbody>
</table>
</div>`;
}

/** Ours have a runbook; others' rules may be in the same Prometheus. */
function runbook({ name }: AlertStatus, index: number): Html | string {
  return /^Rag[A-Za-z0-9]+$/.test(name) ? html`<a id="alert-${index}" href="/runbooks/${name}.md">${name}</a>` : name;
}

function severity({ severity: told }: AlertStatus, language: Language): Html {
  const sign = told === 'critical' ? '▲▲' : '▲';
  return html`<span class="severity ${told === 'critical' ? 'critical' : 'warning'}"><span aria-hidden="true">${sign}</span> ${
    standingTexts[language].alerts.severities[told] ?? told
  }</span>`;
}
