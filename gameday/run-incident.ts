/** Runs an incident against a stack, from its injection until its last expected alert has resolved. */
import type { ControlClient } from './control/control-client.ts';
import type { ReceivedAlert } from './control/control-protocol.ts';
import type { Incident } from './incident.ts';
import { makeReport, type Report } from './report.ts';
import type { AlertHistory, Timeline } from './watch/timeline.ts';
import { watchAlerts } from './watch/watch-alerts.ts';

export type TargetStack = {
  readonly control: ControlClient;
  readonly prometheus: string;
  readonly alertmanager: string;
  /** The value of its label; null: it was not started for game days. */
  readonly gameday: string | null;
  /** The factor for every duration in its rules. */
  readonly scale: number;
  /** What its webhooks received; null: the webhooks are not ours. */
  readonly receivedAlerts: (() => Promise<readonly ReceivedAlert[]>) | null;
};

type Options = {
  /** Limit of each wait: until no alert fires, until all have notified, until all have resolved. */
  readonly waitMs: number;
  /** Ends the incident early; the stack recovers in any case. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** At scale 1. A poll costs three small requests. */
const pollMs = 5_000;
const minPollMs = 100;

/** @throws {Error} where the injection or the recovery fails, or where the stack does not reply before the injection */
export async function runIncident(incident: Incident, stack: TargetStack, options: Options): Promise<Report> {
  const { control, prometheus, alertmanager, gameday, scale, receivedAlerts } = stack;
  const { waitMs, signal, onProgress, now } = options;
  const everyMs = Math.max(minPollMs, pollMs * scale);
  const watch = () => watchAlerts({ prometheus, alertmanager, receivedAlerts, everyMs, now });
  const { expected } = incident;
  const historiesOf = (timeline: Timeline) => expected.map((key) => timeline.of(key));
  const names = expected.map(({ alert, severity }) => `${alert} (${severity})`).join(', ');
  const progress = (what: string, timeline: Timeline, since: number) => () =>
    onProgress(
      `${incident.name}: ${what} for ${((now() - since) / 1_000).toFixed(0)} s; ${states(historiesOf(timeline), names)}`,
    );

  const before = await watch();
  const isQuiet = (timeline: Timeline) => historiesOf(timeline).every((history) => !fires(history));
  const onWait = progress('waiting until no expected alert fires', before.timeline, now());
  if (!(await before.until(isQuiet, { withinMs: waitMs, signal, onPoll: onWait }))) {
    throw new Error(
      signal.aborted ? 'Interrupted before the injection.' : `${names} fires already, so nothing was injected.`,
    );
  }

  const { timeline, until } = await watch();
  const requestsBefore = (await control.status()).modelRequests;
  const run = await control.start(incident.name);
  const onInjected = progress('injected', timeline, run.injectedAt);
  const broken = new Set<string>();
  // The report is most useful when the monitoring dies during an incident.
  const watched = (...args: Parameters<typeof until>) =>
    until(...args).catch((error: unknown) => {
      broken.add(`the paging path is broken: ${error instanceof Error ? error.message : String(error)}`);
    });
  let recovered: Awaited<ReturnType<typeof run.recover>>;
  try {
    const allNotified = () => historiesOf(timeline).every((history) => history?.notifiedAt != null);
    await watched(allNotified, { withinMs: waitMs, signal, onPoll: onInjected });
  } finally {
    recovered = await run.recover();
  }
  const modelUnused = incident.model !== undefined && (await control.status()).modelRequests === requestsBefore;
  const onRecovered = progress('recovered', timeline, recovered.recoveredAt);
  // An alert that never fired has nothing to resolve.
  const allResolved = () =>
    historiesOf(timeline).every(
      (history) => !fires(history) && (history?.notifiedAt == null || history.resolutionNotifiedAt !== null),
    );
  await watched(allResolved, { withinMs: waitMs, signal, onPoll: onRecovered });
  return makeReport({
    incident: incident.name,
    title: incident.title,
    expected,
    symptoms: incident.symptoms ?? [],
    gameday,
    scale,
    notificationSource: receivedAlerts === null ? 'alertmanager' : 'webhook',
    injectedAt: run.injectedAt,
    recoveredAt: recovered.recoveredAt,
    steps: recovered.steps,
    histories: timeline.histories(),
    failures: [
      ...broken,
      ...(modelUnused
        ? ['the model server received no request: set LLM_BASE_URL of the stack to its address, then run it again']
        : []),
      ...(signal.aborted ? ['the incident was interrupted'] : []),
    ],
  });
}

function fires(history: AlertHistory | undefined): boolean {
  return history != null && history.firingAt !== null && history.resolvedAt === null;
}

function states(histories: readonly (AlertHistory | undefined)[], names: string): string {
  const words = histories.map((history) => {
    if (history?.activeAt == null) return 'inactive';
    if (history.firingAt === null) return 'pending';
    if (history.resolvedAt !== null) {
      return history.resolutionNotifiedAt === null ? 'resolved' : 'resolved and notified';
    }
    return history.notifiedAt === null ? 'firing' : 'firing and notified';
  });
  return `${names}: ${words.join(', ')}`;
}
