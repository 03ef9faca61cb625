/** Finds the stack that a game day is played on, and refuses one that was not started for it. */
import { type ReachedControl, reachControl } from './control/reach-control.ts';
import type { Incident } from './incident.ts';
import { markLabel, readMark } from './mark.ts';
import type { Stack } from './play.ts';
import type { ControlPlace } from './stack/remember-stack.ts';

/** Names a stack that `npm run gameday` did not start; all absent: the one that it did. */
export type StackFlags = {
  readonly prometheus?: string;
  readonly alertmanager?: string;
  readonly yesReally?: boolean;
};

const howToStart = 'Start one with `npm run gameday`, in another terminal.';
const howElse = 'Another stack is named with --prometheus and --alertmanager; docs/gamedays.md says what it needs.';

/**
 * Touches nothing.
 * @param place what was started last with this DATA_DIR; null: nothing
 * @throws {Error} for a person: there is no stack, it is not marked, or the incident cannot be played on it
 */
export async function findStack(
  incident: Incident,
  flags: StackFlags,
  { place, dataDir }: { place: ControlPlace | null; dataDir: string },
): Promise<Stack> {
  const { prometheus, alertmanager } = flags;
  if ((prometheus === undefined) !== (alertmanager === undefined)) {
    throw new Error('--prometheus and --alertmanager go together: both name the same stack');
  }
  const named = prometheus !== undefined && alertmanager !== undefined ? { prometheus, alertmanager } : null;
  const { control, described } = await reach(place, dataDir, named !== null);
  const stack = named === null ? await started(control, described.stack) : await strange(control, named, flags);
  if (named !== null && described.stack !== null) {
    throw new Error(
      `What runs with DATA_DIR ${dataDir} is a whole game-day stack, and its model is not the one of ${prometheus}. ` +
        'Use another DATA_DIR for `npm run gameday:model`.',
    );
  }
  const whyNot = described.cannot[incident.name];
  if (whyNot !== undefined) throw new Error(`${incident.name} cannot be played here: ${whyNot}. Nothing was touched.`);
  return stack;
}

async function reach(place: ControlPlace | null, dataDir: string, elsewhere: boolean) {
  const missing = elsewhere
    ? `No model server for game days runs with DATA_DIR ${dataDir}. Start one with \`npm run gameday:model\`, and let the stack's LLM_BASE_URL name it.`
    : `No stack for game days runs with DATA_DIR ${dataDir}. ${howToStart} ${howElse}`;
  if (place === null) throw new Error(missing);
  const control = reachControl(place);
  const described = await control.describe().catch((cause) => {
    throw new Error(`${missing} (What ran there does not answer any more.)`, { cause });
  });
  return { control, described };
}

/** The stack says that it is one, and its Prometheus says the same. */
async function started(
  control: ReachedControl,
  stack: Awaited<ReturnType<ReachedControl['describe']>>['stack'],
): Promise<Stack> {
  if (stack === null) throw new Error(`Only a model server runs, or the stack is still being started. ${howElse}`);
  const { id, prometheus, alertmanager, scale } = stack;
  const mark = await readMark(prometheus);
  if (mark !== id) {
    throw new Error(
      `${prometheus} is not the Prometheus of the game-day stack ${id}: its external label ${markLabel} is ` +
        `${mark === null ? 'missing' : `"${mark}"`}. Nothing was touched. ${howToStart}`,
    );
  }
  return { control, prometheus, alertmanager, gameday: id, scale, told: control.told };
}

async function strange(
  control: ReachedControl,
  { prometheus, alertmanager }: { prometheus: string; alertmanager: string },
  { yesReally = false }: StackFlags,
): Promise<Stack> {
  const mark = await readMark(prometheus);
  if (mark === null && !yesReally) {
    throw new Error(
      `${prometheus} watches a stack that was not started for game days: its configuration has no external label ` +
        `"${markLabel}". Nothing was touched. With --yes-really the incident is played there all the same: real users ` +
        'get what is played, and real people are paged.',
    );
  }
  return { control, prometheus, alertmanager, gameday: mark, scale: 1, told: null };
}
