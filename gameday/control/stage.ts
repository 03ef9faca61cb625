/** Plays one incident at a time on the stack's side, and heals it in any case. */
import type { Incident, Lever } from '../incident.ts';
import { usualBehaviour } from '../model/behaviour.ts';
import type { ModelServer } from '../model/serve-model.ts';
import type { Line } from './control-protocol.ts';

export type Levers = Readonly<Partial<Record<Lever, () => Promise<void>>>>;

export type Stage = {
  /** Null: it can. */
  readonly whyNot: (incident: Incident) => string | null;
  /**
   * Injects, waits for `over`, heals. Resolves when it is healed.
   * @returns false where another incident is being played
   */
  readonly play: (incident: Incident, over: Promise<void>, tell: (line: Line) => void) => Promise<boolean>;
  /** The name of the incident that is injected and not yet healed. */
  readonly playing: () => string | null;
  /** Ends what is being played, heals it, and takes nothing more. */
  readonly close: () => Promise<void>;
};

type Given = {
  readonly model: Pick<ModelServer, 'behave' | 'rehearse'>;
  readonly levers: Levers;
  /** Why a lever is not there, for a person. */
  readonly missing: (lever: Lever) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Seconds. */
const worthTelling = 0.5;

export function createStage({ model, levers, missing, now }: Given): Stage {
  const closing = Promise.withResolvers<void>();
  let playing: Promise<void> | null = null;
  let injected: string | null = null;

  async function pull(names: readonly Lever[], tell: (line: Line) => void): Promise<void> {
    for (const name of names) {
      const lever = levers[name];
      if (lever === undefined) throw new Error(missing(name));
      const at = now();
      await lever();
      const seconds = (now() - at) / 1_000;
      tell({ at, did: seconds < worthTelling ? name : `${name} (took ${seconds.toFixed(1)} s)` });
    }
  }

  async function run(incident: Incident, over: Promise<void>, tell: (line: Line) => void): Promise<void> {
    const begun = now();
    model.rehearse(incident.name);
    try {
      if (incident.model !== undefined) {
        model.behave(incident.model);
        tell({ at: now(), did: `the model: ${said(incident.model)}` });
      }
      await pull(incident.inject, tell);
      tell({ injected: begun });
      injected = incident.name;
      await Promise.race([over, closing.promise]);
    } catch (error) {
      tell({ failed: `it could not be injected: ${reason(error)}` });
    }
    const healing = now();
    try {
      if (incident.model !== undefined) {
        model.behave({});
        tell({ at: now(), did: `the model: ${said(usualOf(incident.model))}` });
      }
      await pull(incident.heal, tell);
      tell({ healed: healing });
      injected = null;
      model.rehearse(null);
    } catch (error) {
      tell({ failed: `it could not be healed: ${reason(error)}` });
    }
  }

  return {
    whyNot({ inject, heal }) {
      const absent = [...inject, ...heal].find((lever) => levers[lever] === undefined);
      return absent === undefined ? null : missing(absent);
    },
    async play(incident, over, tell) {
      if (playing !== null) return false;
      playing = run(incident, over, tell);
      await playing;
      playing = null;
      return true;
    },
    playing: () => injected,
    async close() {
      closing.resolve();
      await playing;
      playing = Promise.resolve();
    },
  };
}

function usualOf(change: object): object {
  return Object.fromEntries(Object.entries(usualBehaviour).filter(([name]) => name in change));
}

function said(change: object): string {
  return Object.entries(change)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
