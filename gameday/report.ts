/** The result of an incident, as data and as text. */
import type { Step } from './control/control-protocol.ts';
import type { AlertKey } from './incident.ts';
import type { AlertHistory } from './watch/timeline.ts';

/** Seconds, rounded to a tenth; null: it did not happen. */
export type AlertReport = AlertKey & {
  /** From the injection until its condition was true. */
  readonly activeAfter: number | null;
  readonly firedAfter: number | null;
  readonly notifiedAfter: number | null;
  /** Inhibited by another alert, or silenced: no receiver was notified. */
  readonly suppressed: boolean;
  /** From the start of the recovery. */
  readonly resolvedAfter: number | null;
  readonly resolutionNotifiedAfter: number | null;
  readonly summary: string;
};

export type Report = {
  readonly incident: string;
  readonly title: string;
  /** The stack's label; null: it was not started for game days. */
  readonly gameday: string | null;
  /** The factor for every duration in its rules. */
  readonly scale: number;
  /** `webhook`: notified is when the page arrived; `alertmanager`: when Alertmanager listed the alert as active. */
  readonly notificationSource: 'webhook' | 'alertmanager';
  readonly injectedAt: string;
  readonly recoveredAt: string;
  readonly steps: readonly { readonly at: string; readonly action: string }[];
  readonly expected: readonly AlertReport[];
  /** Other alerts that fired during the incident. */
  readonly others: readonly AlertReport[];
  /** Alerts that fired already before the injection. */
  readonly firingBefore: readonly AlertKey[];
  /** One sentence each. Empty: every expected alert notified and resolved, and no other alert paged. */
  readonly failures: readonly string[];
};

export type IncidentOutcome = {
  readonly incident: string;
  readonly title: string;
  readonly expected: readonly AlertKey[];
  readonly symptoms?: readonly string[];
  readonly gameday: string | null;
  readonly scale: number;
  readonly notificationSource: Report['notificationSource'];
  readonly injectedAt: number;
  readonly recoveredAt: number;
  readonly steps: readonly Step[];
  readonly histories: readonly AlertHistory[];
  /** In addition to what the histories show. */
  readonly failures: readonly string[];
};

export function makeReport(outcome: IncidentOutcome): Report {
  const { injectedAt, recoveredAt, histories, symptoms = [] } = outcome;
  const alertReport = (key: AlertKey, history: AlertHistory | undefined): AlertReport => ({
    ...key,
    activeAfter: secondsBetween(injectedAt, history?.activeAt),
    firedAfter: secondsBetween(injectedAt, history?.firingAt),
    notifiedAfter: secondsBetween(injectedAt, history?.notifiedAt),
    suppressed: history?.suppressed ?? false,
    resolvedAfter: secondsBetween(recoveredAt, history?.resolvedAt),
    resolutionNotifiedAfter: secondsBetween(recoveredAt, history?.resolutionNotifiedAt),
    summary: history?.summary ?? '',
  });
  const expected = outcome.expected.map((key) =>
    alertReport(
      key,
      histories.find((history) => isSame(history.key, key)),
    ),
  );
  const rest = histories.filter(({ key }) => !outcome.expected.some((each) => isSame(each, key)));
  const others = rest
    .filter(({ firingBefore, firingAt }) => !firingBefore && firingAt !== null)
    .map((history) => alertReport(history.key, history));
  return {
    incident: outcome.incident,
    title: outcome.title,
    gameday: outcome.gameday,
    scale: outcome.scale,
    notificationSource: outcome.notificationSource,
    injectedAt: new Date(injectedAt).toISOString(),
    recoveredAt: new Date(recoveredAt).toISOString(),
    steps: outcome.steps.map(({ at, action }) => ({ at: new Date(at).toISOString(), action })),
    expected,
    others,
    firingBefore: rest.filter(({ firingBefore }) => firingBefore).map(({ key }) => key),
    failures: [
      ...outcome.failures,
      ...expected.flatMap((alert) => failuresOf(alert)),
      // In scaled time a busy machine is late for scrapes, which pages for targets that run: the report lists these only.
      ...others
        .filter((alert) => outcome.scale === 1 && isPage(alert) && !symptoms.includes(alert.alert))
        .map((alert) => `${nameOf(alert)} paged, and the incident does not expect it`),
    ],
  };
}

/** Warnings go to the chat and wake no one. */
function isPage({ severity, notifiedAfter }: AlertReport): boolean {
  return severity === 'critical' && notifiedAfter !== null;
}

function nameOf({ alert, severity, service }: AlertKey): string {
  return `${alert} (${severity}, ${service})`;
}

/** Only the first missing state, because the later ones depend on it. */
function failuresOf(alert: AlertReport): readonly string[] {
  const name = nameOf(alert);
  if (alert.firedAfter === null) return [`${name} did not fire`];
  if (alert.notifiedAfter === null) return [`${name} fired without a notification`];
  if (alert.resolvedAfter === null) return [`${name} did not resolve`];
  return alert.resolutionNotifiedAfter === null ? [`${name} resolved without a notification`] : [];
}

/** The report as text, without a final line break. */
export function printReport(report: Report): string {
  const { gameday, scale, steps, expected, others, firingBefore, failures } = report;
  const pace = scale === 1 ? '' : `, where one hour in the rules takes ${Number((3600 * scale).toPrecision(3))} s`;
  const where = gameday === null ? 'a stack that was not started for game days' : `the game-day stack ${gameday}`;
  const notified = report.notificationSource === 'webhook' ? 'paged' : 'in Alertmanager';
  const injectedAt = Date.parse(report.injectedAt);
  return [
    '',
    `${report.incident}: ${report.title}`,
    `on ${where}${pace}`,
    '',
    ...steps.map(({ at, action }) => `  ${clock(at)}  ${offset(Date.parse(at) - injectedAt)}  ${action}`),
    '',
    ...table(['expected', 'fired', notified, 'resolved after recovery', 'notified'], expected),
    ...(others.length === 0
      ? []
      : ['', ...table(['also fired', 'fired', notified, 'resolved after recovery', 'notified'], others)]),
    ...(firingBefore.length === 0
      ? []
      : [
          '',
          `  firing before the injection: ${firingBefore.map(({ alert, severity }) => `${alert} (${severity})`).join(', ')}`,
        ]),
    ...messages([...expected, ...others]),
    '',
    ...(failures.length === 0
      ? ['PASS: every expected alert notified and resolved, and no other alert paged.']
      : failures.map((failure) => `FAIL: ${failure}`)),
  ].join('\n');
}

/** The sentences that the receivers got. */
function messages(alerts: readonly AlertReport[]): readonly string[] {
  const sent = alerts.filter(({ notifiedAfter, summary }) => notifiedAfter !== null && summary !== '');
  return sent.length === 0 ? [] : ['', '  messages', ...sent.map((alert) => `  ${nameOf(alert)}: ${alert.summary}`)];
}

function table(head: readonly string[], alerts: readonly AlertReport[]): readonly string[] {
  const rows = alerts.map((alert) => [
    nameOf(alert),
    formatSeconds(alert.firedAfter),
    alert.notifiedAfter === null && alert.suppressed ? 'suppressed' : formatSeconds(alert.notifiedAfter),
    formatSeconds(alert.resolvedAfter),
    formatSeconds(alert.resolutionNotifiedAfter),
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`;
  return [line(head), ...rows.map(line)];
}

function formatSeconds(length: number | null): string {
  return length === null ? '-' : `${length.toFixed(1)} s`;
}

function offset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1_000).toFixed(1)} s`.padStart(9);
}

function clock(at: string): string {
  return at.slice(11, 19);
}

function secondsBetween(from: number, to: number | null | undefined): number | null {
  return to === null || to === undefined ? null : Math.round((to - from) / 100) / 10;
}

function isSame(a: AlertKey, b: AlertKey): boolean {
  return a.alert === b.alert && a.severity === b.severity && a.service === b.service;
}
