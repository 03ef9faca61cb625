/** Injects one incident at a time on the stack, and always recovers from it. */
import type { FaultAction, Incident } from '../incident.ts';
import { defaultBehaviour } from '../model/behaviour.ts';
import type { ModelServer } from '../model/serve-model.ts';
import type { RunEvent } from './control-protocol.ts';

export type FaultActions = Readonly<Partial<Record<FaultAction, () => Promise<void>>>>;

export type FaultRunner = {
  /** Null: the incident can run. */
  readonly unsupportedReason: (incident: Incident) => string | null;
  /**
   * Injects the incident, waits for `over`, recovers. Resolves after the recovery.
   * @returns false while another incident is running
   */
  readonly run: (incident: Incident, over: Promise<void>, report: (event: RunEvent) => void) => Promise<boolean>;
  /** The name of the incident that is injected and not yet recovered. */
  readonly running: () => string | null;
  /** Ends the running incident, recovers, and accepts no more. */
  readonly close: () => Promise<void>;
};

type Options = {
  readonly model: Pick<ModelServer, 'behave' | 'setIncident'>;
  readonly actions: FaultActions;
  /** Why an action is not available. */
  readonly missing: (action: FaultAction) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Steps that take longer are reported with their duration. */
const reportedSeconds = 0.5;

export function createFaultRunner({ model, actions, missing, now }: Options): FaultRunner {
  const closing = Promise.withResolvers<void>();
  let current: Promise<void> | null = null;
  let injected: string | null = null;

  async function perform(names: readonly FaultAction[], report: (event: RunEvent) => void): Promise<void> {
    for (const name of names) {
      const action = actions[name];
      if (action === undefined) throw new Error(missing(name));
      const at = now();
      await action();
      const seconds = (now() - at) / 1_000;
      report({ at, action: seconds < reportedSeconds ? name : `${name} (took ${seconds.toFixed(1)} s)` });
    }
  }

  async function run(incident: Incident, over: Promise<void>, report: (event: RunEvent) => void): Promise<void> {
    const injectedAt = now();
    model.setIncident(incident.name);
    try {
      if (incident.model !== undefined) {
        model.behave(incident.model);
        report({ at: now(), action: `set the model: ${describeBehaviour(incident.model)}` });
      }
      await perform(incident.inject, report);
      report({ injected: injectedAt });
      injected = incident.name;
      await Promise.race([over, closing.promise]);
    } catch (error) {
      report({ failed: `injection failed: ${reason(error)}` });
    }
    const recoveredAt = now();
    try {
      if (incident.model !== undefined) {
        model.behave({});
        report({ at: now(), action: `reset the model: ${describeBehaviour(defaultsOf(incident.model))}` });
      }
      await perform(incident.recover, report);
      report({ recovered: recoveredAt });
      injected = null;
      model.setIncident(null);
    } catch (error) {
      report({ failed: `recovery failed: ${reason(error)}` });
    }
  }

  return {
    unsupportedReason({ inject, recover }) {
      const absent = [...inject, ...recover].find((action) => actions[action] === undefined);
      return absent === undefined ? null : missing(absent);
    },
    async run(incident, over, report) {
      if (current !== null) return false;
      current = run(incident, over, report);
      await current;
      current = null;
      return true;
    },
    running: () => injected,
    async close() {
      closing.resolve();
      await current;
      current = Promise.resolve();
    },
  };
}

function defaultsOf(change: object): object {
  return Object.fromEntries(Object.entries(defaultBehaviour).filter(([name]) => name in change));
}

function describeBehaviour(change: object): string {
  return Object.entries(change)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
