/** Firing alerts and those resolved within the last week, or the reason why they are unknown. */
import type { AlertStatus, PrometheusStatus } from '../../../../slo/slo-status.ts';
import { moment } from '../shared/format-time.ts';
import { type Html, html } from '../shared/html.ts';
import type { Language } from '../shared/language.ts';
import { statusBadge } from '../shared/status-badge.ts';
import { sloStatusTexts } from './slo-status-texts.ts';

/** The API returns more. */
const maxRows = 10;

export function alertsPanel(status: PrometheusStatus, language: Language): Html {
  const texts = sloStatusTexts[language].alerts;
  const firing = status.state === 'connected' ? status.firing.length : 0;
  const quiet = status.state === 'connected' && status.rulesRun;
  const announced = firing > 0 ? texts.firing(firing) : quiet ? texts.none : texts.unknown;
  return html`<section class="panel" aria-labelledby="alerts-title" data-testid="alerts">
<h2 id="alerts-title">${texts.title}</h2>
<div id="alerts" data-live ${status.state === 'waiting' && html`data-waiting `}data-met="${announced}" data-announce="${announced}">
${status.state === 'connected' ? connected(status, language) : unknown(status, language)}
</div>
</section>`;
}

function unknown(status: Exclude<PrometheusStatus, { state: 'connected' }>, language: Language): Html {
  const texts = sloStatusTexts[language].alerts;
  const why = { not_connected: texts.notConnected, waiting: texts.waiting, unreachable: texts.unreachable }[
    status.state
  ];
  return html`<p>${statusBadge(null, texts.unknown)}</p>
<p>${why}${'asOf' in status && html` (${moment(new Date(status.asOf), language)})`}</p>`;
}

function connected(
  { firing, ended, rulesRun }: Extract<PrometheusStatus, { state: 'connected' }>,
  language: Language,
): Html {
  const texts = sloStatusTexts[language].alerts;
  const quiet = rulesRun ? statusBadge(true, texts.none) : statusBadge(null, texts.unknown);
  const rows = [...firing, ...ended].slice(0, maxRows);
  return html`<p>${firing.length === 0 ? quiet : statusBadge(false, texts.firing(firing.length))}</p>
${!rulesRun && html`<p class="problem">${texts.watchdogMissing}: <a id="alert-watchdog" href="/runbooks/RagWatchdog.md">RagWatchdog</a></p>`}
${rows.length === 0 ? html`<p class="muted">${texts.noRecent}</p>` : table(rows, language)}`;
}

function table(rows: readonly AlertStatus[], language: Language): Html {
  const texts = sloStatusTexts[language].alerts;
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
        ? html`<strong class="breached">${texts.stillFiring}</strong>`
        : moment(new Date(alert.until), language)
    }</td></tr>\n`,
)}</tbody>
</table>
</div>`;
}

/** Only alerts of this project have a runbook. Prometheus may contain other rules. */
function runbook({ name }: AlertStatus, index: number): Html | string {
  return /^Rag[A-Za-z0-9]+$/.test(name) ? html`<a id="alert-${index}" href="/runbooks/${name}.md">${name}</a>` : name;
}

function severity({ severity: name }: AlertStatus, language: Language): Html {
  const sign = name === 'critical' ? '▲▲' : '▲';
  return html`<span class="severity ${name === 'critical' ? 'critical' : 'warning'}"><span aria-hidden="true">${sign}</span> ${
    sloStatusTexts[language].alerts.severities[name] ?? name
  }</span>`;
}
