/** What came of a game day, as data and as text. */
import type { Step } from './control/control-protocol.ts';
import type { AlertKey } from './incident.ts';
import type { Course } from './watch/timeline.ts';

/** Seconds to a tenth; null: it did not come to that. */
export type AlertReport = AlertKey & {
  /** Since the injection. */
  readonly conditionAfter: number | null;
  readonly firedAfter: number | null;
  readonly toldAfter: number | null;
  /** Another alert said more, or it was silenced. */
  readonly heldBack: boolean;
  /** Since the healing. */
  readonly resolvedAfter: number | null;
  readonly resolvedToldAfter: number | null;
  readonly summary: string;
};

export type Report = {
  readonly incident: string;
  readonly title: string;
  /** The stack's mark; null: it was not started for game days. */
  readonly gameday: string | null;
  /** What every length of time in its rules is multiplied by. */
  readonly scale: number;
  /** `webhook`: told is when a page arrived; `alertmanager`: when Alertmanager had it for its receivers. */
  readonly toldBy: 'webhook' | 'alertmanager';
  readonly injectedAt: string;
  readonly healedAt: string;
  readonly steps: readonly { readonly at: string; readonly did: string }[];
  readonly expected: readonly AlertReport[];
  /** What else fired meanwhile. */
  readonly others: readonly AlertReport[];
  /** What fired before and went on. */
  readonly before: readonly AlertKey[];
  /** What was not as it should be, each in words. Empty: the page came, and it ended. */
  readonly failures: readonly string[];
};

export type Played = {
  readonly incident: string;
  readonly title: string;
  readonly expected: readonly AlertKey[];
  readonly gameday: string | null;
  readonly scale: number;
  readonly toldBy: Report['toldBy'];
  readonly injectedAt: number;
  readonly healedAt: number;
  readonly steps: readonly Step[];
  readonly courses: readonly Course[];
  /** Beside what the alerts themselves show. */
  readonly failures: readonly string[];
};

export function makeReport(played: Played): Report {
  const { injectedAt, healedAt, courses } = played;
  const alertReport = (key: AlertKey, course: Course | undefined): AlertReport => ({
    ...key,
    conditionAfter: seconds(injectedAt, course?.conditionAt),
    firedAfter: seconds(injectedAt, course?.firingAt),
    toldAfter: seconds(injectedAt, course?.toldAt),
    heldBack: course?.heldBack ?? false,
    resolvedAfter: seconds(healedAt, course?.resolvedAt),
    resolvedToldAfter: seconds(healedAt, course?.resolvedToldAt),
    summary: course?.summary ?? '',
  });
  const expected = played.expected.map((key) =>
    alertReport(
      key,
      courses.find((course) => isSame(course.key, key)),
    ),
  );
  const rest = courses.filter(({ key }) => !played.expected.some((each) => isSame(each, key)));
  return {
    incident: played.incident,
    title: played.title,
    gameday: played.gameday,
    scale: played.scale,
    toldBy: played.toldBy,
    injectedAt: new Date(injectedAt).toISOString(),
    healedAt: new Date(healedAt).toISOString(),
    steps: played.steps.map(({ at, did }) => ({ at: new Date(at).toISOString(), did })),
    expected,
    others: rest
      .filter(({ before, firingAt }) => !before && firingAt !== null)
      .map((course) => alertReport(course.key, course)),
    before: rest.filter(({ before }) => before).map(({ key }) => key),
    failures: [...played.failures, ...expected.flatMap((alert) => failuresOf(alert))],
  };
}

/** The first thing that is missing; what follows from it is missing too. */
function failuresOf(alert: AlertReport): readonly string[] {
  const name = `${alert.alert} (${alert.severity}, ${alert.service})`;
  if (alert.firedAfter === null) return [`${name} did not fire`];
  if (alert.toldAfter === null) return [`${name} fired, and nobody was told`];
  if (alert.resolvedAfter === null) return [`${name} has not resolved`];
  return alert.resolvedToldAfter === null ? [`${name} resolved, and nobody was told`] : [];
}

/** For a person, without a line break at the end. */
export function printReport(report: Report): string {
  const { gameday, scale, steps, expected, others, before, failures } = report;
  const pace = scale === 1 ? '' : `; an hour of its rules lasts ${Number((3600 * scale).toPrecision(3))} s`;
  const where = gameday === null ? 'a stack that was not started for game days' : `the game-day stack ${gameday}`;
  const told = report.toldBy === 'webhook' ? 'paged' : 'in Alertmanager';
  const begun = Date.parse(report.injectedAt);
  return [
    '',
    `${report.incident}: ${report.title}`,
    `on ${where}${pace}`,
    '',
    ...steps.map(({ at, did }) => `  ${clock(at)}  ${offset(Date.parse(at) - begun)}  ${did}`),
    '',
    ...table(['expected', 'fired', told, 'over after healing', 'and told'], expected),
    ...(others.length === 0
      ? []
      : ['', ...table(['also fired', 'fired', told, 'over after healing', 'and told'], others)]),
    ...(before.length === 0
      ? []
      : ['', `  fired before: ${before.map(({ alert, severity }) => `${alert} (${severity})`).join(', ')}`]),
    '',
    ...(failures.length === 0
      ? ['The page came, and it ended.']
      : failures.map((failure) => `NOT AS EXPECTED: ${failure}`)),
  ].join('\n');
}

function table(head: readonly string[], alerts: readonly AlertReport[]): readonly string[] {
  const rows = alerts.map((alert) => [
    `${alert.alert} (${alert.severity}, ${alert.service})`,
    lasted(alert.firedAfter),
    alert.toldAfter === null && alert.heldBack ? 'held back' : lasted(alert.toldAfter),
    lasted(alert.resolvedAfter),
    lasted(alert.resolvedToldAfter),
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`;
  return [line(head), ...rows.map(line)];
}

function lasted(length: number | null): string {
  return length === null ? '-' : `${length.toFixed(1)} s`;
}

function offset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1_000).toFixed(1)} s`.padStart(9);
}

function clock(at: string): string {
  return at.slice(11, 19);
}

function seconds(from: number, to: number | null | undefined): number | null {
  return to === null || to === undefined ? null : Math.round((to - from) / 100) / 10;
}

function isSame(a: AlertKey, b: AlertKey): boolean {
  return a.alert === b.alert && a.severity === b.severity && a.service === b.service;
}
