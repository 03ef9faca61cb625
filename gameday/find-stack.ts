/** Finds the stack to run an incident on, and refuses one that was not started for game days. */
import { type ControlClient, controlClient } from './control/control-client.ts';
import type { StackInfo } from './control/control-protocol.ts';
import { gamedayLabel, readGamedayLabel } from './gameday-label.ts';
import type { Incident } from './incident.ts';
import type { TargetStack } from './run-incident.ts';
import type { ControlAddress } from './stack/control-file.ts';

/** Selects a stack that `npm run gameday` did not start; all absent: the local one. */
export type StackFlags = {
  readonly prometheus?: string;
  readonly alertmanager?: string;
  readonly yesReally?: boolean;
};

const howToStart = 'Start one with `npm run gameday` in another terminal.';
const otherEnvironment =
  'To use another environment, pass --prometheus and --alertmanager; docs/gamedays.md describes its requirements.';

/**
 * Changes nothing.
 * @param address of the stack that was started last with this DATA_DIR; null: none
 * @throws {Error} with what to do: there is no stack, its label is missing, or it does not support the incident
 */
export async function findStack(
  incident: Incident,
  flags: StackFlags,
  { address, dataDir }: { address: ControlAddress | null; dataDir: string },
): Promise<TargetStack> {
  const { prometheus, alertmanager } = flags;
  if ((prometheus === undefined) !== (alertmanager === undefined)) {
    throw new Error('--prometheus and --alertmanager go together: pass both, for the same environment');
  }
  const external = prometheus !== undefined && alertmanager !== undefined ? { prometheus, alertmanager } : null;
  const { control, status } = await connect(address, dataDir, external !== null);
  const stack =
    external === null ? await localStack(control, status.stack) : await externalStack(control, external, flags);
  if (external !== null && status.stack !== null) {
    throw new Error(
      `A whole game-day stack runs with DATA_DIR ${dataDir}, and ${prometheus} does not monitor its model server. ` +
        'Use another DATA_DIR for `npm run gameday:model`.',
    );
  }
  const reason = status.unsupported[incident.name];
  if (reason !== undefined) throw new Error(`${incident.name} cannot run here: ${reason}. Nothing was changed.`);
  return stack;
}

async function connect(address: ControlAddress | null, dataDir: string, isExternal: boolean) {
  const missing = isExternal
    ? `No model server for game days runs with DATA_DIR ${dataDir}. Start one with \`npm run gameday:model\`, and set the environment's LLM_BASE_URL to its address.`
    : `No game-day stack runs with DATA_DIR ${dataDir}. ${howToStart} ${otherEnvironment}`;
  if (address === null) throw new Error(missing);
  const control = controlClient(address);
  const status = await control.status().catch((cause) => {
    throw new Error(`${missing} (The one that ran there no longer replies.)`, { cause });
  });
  return { control, status };
}

/** The stack and its Prometheus have to agree on the id. */
async function localStack(control: ControlClient, stack: StackInfo | null): Promise<TargetStack> {
  if (stack === null) {
    throw new Error(`Only a model server is running, or the stack is still starting. ${otherEnvironment}`);
  }
  const { id, prometheus, alertmanager, scale } = stack;
  const label = await readGamedayLabel(prometheus);
  if (label !== id) {
    throw new Error(
      `${prometheus} is not the Prometheus of the game-day stack ${id}: its external label ${gamedayLabel} is ` +
        `${label === null ? 'missing' : `"${label}"`}. Nothing was changed. ${howToStart}`,
    );
  }
  return { control, prometheus, alertmanager, gameday: id, scale, receivedAlerts: control.receivedAlerts };
}

async function externalStack(
  control: ControlClient,
  { prometheus, alertmanager }: { prometheus: string; alertmanager: string },
  { yesReally = false }: StackFlags,
): Promise<TargetStack> {
  const label = await readGamedayLabel(prometheus);
  if (label === null && !yesReally) {
    throw new Error(
      `${prometheus} monitors a stack that was not started for game days: its configuration has no external label ` +
        `"${gamedayLabel}". Nothing was changed. With --yes-really the incident runs there nevertheless: it affects ` +
        'real users and pages real people.',
    );
  }
  return { control, prometheus, alertmanager, gameday: label, scale: 1, receivedAlerts: null };
}
