/** The page /dashboard/metrics. It is complete without scripts, which add charts and updates. */
import type { Trusted } from '../../../../quality/validation.ts';
import type { DayReport } from '../../../../rollup/day-report.ts';
import { dailyObjectives } from '../../../../rollup/day-value.ts';
import { objectives } from '../../../../slo/objectives.ts';
import { allMet } from '../../../../slo/verdict.ts';
import type { ErrorBudgets } from '../../../routes/admin/slo-status.ts';
import { moment } from '../shared/format-time.ts';
import { formatDay } from '../shared/format-value.ts';
import { type Html, html, jsonData } from '../shared/html.ts';
import { type Frame, layout } from '../shared/layout.ts';
import { statusBadge, verdictName } from '../shared/status-badge.ts';
import { metricsPageData } from './chart-data.ts';
import type { ShownDay } from './days.ts';
import { daysTable } from './days-table.ts';
import { metricsTexts } from './metrics-texts.ts';
import { budgetCard, objectiveCard } from './objective-card.ts';
import { serviceSwitch } from './service-switch.ts';
import { sloStatusTexts } from './slo-status-texts.ts';
import { totalsList } from './totals.ts';

type MetricsPage = Pick<Frame, 'language' | 'files' | 'user' | 'canSignOut'> & {
  /** The built-in one first. */
  readonly services: readonly string[];
  /** Null: all services together. */
  readonly service: string | null;
  readonly report: DayReport;
  /** Oldest first, up to today. */
  readonly days: readonly ShownDay[];
  readonly budgets: ErrorBudgets;
  /** Of the relevance score; null: not known. */
  readonly trust: Trusted | null;
  /** Day of shipped prices that are old. */
  readonly oldPrices: string | null;
  /** Null: the visitor is not an administrator. */
  readonly panels: { readonly alerts: Html; readonly others: Html } | null;
};

/** Without a value by day. */
const otherObjectives = Object.entries(objectives).filter(([key]) => !(key in dailyObjectives));

export function metricsPage({
  services,
  service,
  report,
  days,
  budgets,
  trust,
  oldPrices,
  panels,
  ...frame
}: MetricsPage): Html {
  const { language } = frame;
  const texts = metricsTexts[language];
  const breached = report.objectives.filter(({ met }) => met === false).length;
  return layout({
    ...frame,
    title: breached === 0 ? texts.title : `✕ ${texts.breachedTab(breached)} · ${texts.title}`,
    current: '/dashboard/metrics',
    styles: [
      'metrics/uplot.css',
      'metrics/metrics.css',
      'metrics/tables.css',
      'metrics/slo-status.css',
      'shared/status.css',
      'metrics/print.css',
    ],
    classicScripts: ['metrics/uplot.js'],
    scripts: ['metrics/metrics.js', 'shared/session.js'],
    main: html`<div class="headline">
<h1>${texts.heading}</h1>
${freshness(report, texts)}
</div>
${services.length > 1 && serviceSwitch({ services, service, showsDoctor: panels !== null, language })}
${overall(report, frame)}
${panels === null ? html`<p class="muted" data-testid="for-admins">${sloStatusTexts[language].forAdmins}</p>` : panels.alerts}
<section aria-labelledby="objectives-title">
<h2 id="objectives-title"><span id="today" data-live>${texts.today(formatDay(report.day, language))}</span></h2>
<p class="muted">${texts.legend}</p>
<p class="muted" id="budgets" data-live data-testid="budgets" data-source="${budgets.source}">${budgetsFrom(budgets, frame)}</p>
<div class="cards">
${report.objectives.map((objective) => objectiveCard({ report, objective, days, budgets: budgets.budgets, trust, oldPrices, language }))}
${otherObjectives.map(([key, objective]) => budgetCard({ key, objective, budgets: budgets.budgets, language }))}
</div>
</section>
${panels?.others ?? null}
${panels && totalsList({ report, language })}
${daysTable({ days, language })}
<p class="muted footnote">${texts.zone}</p>
<p class="visually-hidden" role="status" id="announce"></p>
<script type="application/json" id="page-data">${jsonData(metricsPageData(days, language))}</script>`,
  });
}

function budgetsFrom({ source, asOf }: ErrorBudgets, { language }: Pick<Frame, 'language'>): Html {
  const texts = sloStatusTexts[language].budget;
  return source === 'database'
    ? html`${texts.fromDatabase}`
    : html`${texts.fromPrometheus} ${texts.asOf} ${moment(new Date(asOf), language)}`;
}

function overall(report: DayReport, { language }: Pick<Frame, 'language'>): Html {
  const texts = metricsTexts[language];
  const verdicts = report.objectives.map(({ met }) => met);
  const all = allMet(verdicts);
  const count = (wanted: boolean | null) => verdicts.filter((met) => met === wanted).length;
  const hasTraffic = report.totals.queries + report.totals.failed > 0;
  return html`<section class="overall ${verdictName(all)}" data-testid="slo-status" aria-label="${texts.verdict}" id="overall" data-live data-met="${verdictName(all)}">
<p class="verdict">${statusBadge(all, texts.overall(all, count(null)))}</p>
<p>${hasTraffic ? texts.counts({ met: count(true), breached: count(false), none: count(null) }) : texts.noTraffic}</p>
</section>`;
}

/** Automatic updates must be pausable (WCAG 2.2.2). */
function freshness(report: DayReport, texts: (typeof metricsTexts)['en']): Html {
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Asia/Tokyo' });
  return html`<div class="freshness"><p><span id="updated" data-live>${texts.updated} <time datetime="${report.generatedAt}">${clock.format(new Date(report.generatedAt))}</time></span> <span id="stale" hidden></span></p>
<button type="button" class="secondary" id="pause" aria-pressed="false" hidden>${texts.pause}</button></div>`;
}
