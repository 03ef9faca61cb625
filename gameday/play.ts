/** Plays an incident against a stack from its injection to the end of its last expected alert. */
import type { Told } from './control/control-protocol.ts';
import type { ReachedControl } from './control/reach-control.ts';
import type { Incident } from './incident.ts';
import { makeReport, type Report } from './report.ts';
import type { Course, Timeline } from './watch/timeline.ts';
import { watchAlerts } from './watch/watch-alerts.ts';

export type Stack = {
  readonly control: ReachedControl;
  readonly prometheus: string;
  readonly alertmanager: string;
  /** The stack's mark; null: it was not started for game days. */
  readonly gameday: string | null;
  /** What every length of time in its rules is multiplied by. */
  readonly scale: number;
  /** What arrived at its webhooks; null: they are not ours. */
  readonly told: (() => Promise<readonly Told[]>) | null;
};

type Given = {
  /** How long each of the waits may take: for quiet before, for the pages, for their end. */
  readonly waitMs: number;
  /** Ends it early; what was injected is healed in any case. */
  readonly signal: AbortSignal;
  /** How far it is. */
  readonly tell: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** At the shipped lengths of time. A look costs three small requests. */
const lookEveryMs = 5_000;
const atLeastMs = 100;

/** @throws {Error} where the incident cannot be injected or healed, or where the stack does not answer */
export async function playIncident(incident: Incident, stack: Stack, given: Given): Promise<Report> {
  const { control, prometheus, alertmanager, gameday, scale, told } = stack;
  const { waitMs, signal, tell, now } = given;
  const everyMs = Math.max(atLeastMs, lookEveryMs * scale);
  const begin = () => watchAlerts({ prometheus, alertmanager, told, everyMs, now });
  const { expected } = incident;
  const coursesOf = (timeline: Timeline) => expected.map((key) => timeline.of(key));
  const names = expected.map(({ alert, severity }) => `${alert} (${severity})`).join(', ');
  const showing = (what: string, timeline: Timeline, since: number) => () =>
    tell(
      `${incident.name}: ${what} since ${((now() - since) / 1_000).toFixed(0)} s; ${standing(coursesOf(timeline), names)}`,
    );

  const quiet = await begin();
  const asked = now();
  const isQuiet = (timeline: Timeline) => coursesOf(timeline).every((course) => !fires(course));
  const quietTick = showing('waits for quiet', quiet.timeline, asked);
  if (!(await quiet.until(isQuiet, { withinMs: waitMs, signal, tick: quietTick }))) {
    throw new Error(
      signal.aborted ? 'ended before anything was injected' : `${names} fires already: nothing was injected`,
    );
  }

  const { timeline, until } = await begin();
  const modelAsked = (await control.describe()).modelAsked;
  const play = await control.begin(incident.name);
  const injectedTick = showing('injected', timeline, play.injectedAt);
  let ended: Awaited<ReturnType<typeof play.end>>;
  try {
    const isTold = () => coursesOf(timeline).every((course) => course?.toldAt != null);
    await until(isTold, { withinMs: waitMs, signal, tick: injectedTick });
  } finally {
    ended = await play.end();
  }
  const unasked = incident.model !== undefined && (await control.describe()).modelAsked === modelAsked;
  const healedTick = showing('healed', timeline, ended.healedAt);
  // What never fired has nothing to resolve.
  const isOver = () =>
    coursesOf(timeline).every((course) => !fires(course) && (course?.toldAt == null || course.resolvedToldAt !== null));
  await until(isOver, { withinMs: waitMs, signal, tick: healedTick });
  return makeReport({
    incident: incident.name,
    title: incident.title,
    expected,
    gameday,
    scale,
    toldBy: told === null ? 'alertmanager' : 'webhook',
    injectedAt: play.injectedAt,
    healedAt: ended.healedAt,
    steps: ended.steps,
    courses: timeline.courses(),
    failures: [
      ...(unasked ? ['the model server was asked nothing: is its address the LLM_BASE_URL of the stack?'] : []),
      ...(signal.aborted ? ['it was ended early'] : []),
    ],
  });
}

function fires(course: Course | undefined): boolean {
  return course != null && course.firingAt !== null && course.resolvedAt === null;
}

function standing(courses: readonly (Course | undefined)[], names: string): string {
  const words = courses.map((course) => {
    if (course?.conditionAt == null) return 'quiet';
    if (course.firingAt === null) return 'pending';
    if (course.resolvedAt !== null) return course.resolvedToldAt === null ? 'over' : 'over and told';
    return course.toldAt === null ? 'fires' : 'fires and told';
  });
  return `${names}: ${words.join(', ')}`;
}
