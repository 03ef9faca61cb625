/** Assembles the groups of spans that are complete, and records their turns. */
import { type ExternalTurn, type RecordExternalTurn, TurnRefused } from '../external-turn.ts';
import type { AssembledTurn } from './assemble.ts';
import { completeGroup, type KnownTurn } from './complete-group.ts';
import { notesOf, type TurnNotes } from './notes.ts';
import type { PendingContent } from './pending.ts';
import type { Span } from './span.ts';

export type Due = { readonly service: string; readonly group: string };

export type LockedGroup = {
  readonly items: readonly { readonly key: string; readonly isAi: boolean; readonly content: PendingContent }[];
  readonly ageMs: number;
  readonly quietMs: number;
};

/** One transaction that holds the lock of a group. */
export type GroupWork = {
  /** Null: another server has the group. */
  readonly lock: () => Promise<LockedGroup | null>;
  readonly knownTurns: () => Promise<readonly KnownTurn[]>;
  /** Whether another instrumentation has reported the turn in a trace of its own. */
  readonly isReportedElsewhere: (turn: AssembledTurn) => Promise<boolean>;
  readonly insertAssembled: (turn: AssembledTurn, notes: TurnNotes) => Promise<void>;
  readonly deletePending: (keys: readonly string[]) => Promise<void>;
};

export type AssemblyDeps = {
  readonly quietMs: number;
  readonly now: () => Date;
  readonly findDue: () => Promise<readonly Due[]>;
  /** Commits when the work resolves, and rolls back when it throws. */
  readonly inGroup: <T>(due: Due, work: (group: GroupWork) => Promise<T>) => Promise<T>;
  readonly record: RecordExternalTurn;
  readonly count: {
    readonly spans: (service: string, state: 'assembled' | 'expired', count: number) => void;
    readonly trace: (service: string, state: 'assembled' | 'incomplete' | 'late' | 'duplicate' | 'refused') => void;
  };
};

/**
 * Assembles all due groups once.
 *
 * A turn is recorded before its spans are deleted. If the server is killed in between, the turn is assembled again and finds
 * its row.
 * @param onError of one group, which is tried again later
 */
export async function assembleDue(
  deps: AssemblyDeps,
  atOnce: number,
  onError: (error: unknown) => void,
): Promise<void> {
  const due = [...(await deps.findDue())];
  const assembleNext = async (): Promise<void> => {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      const one = next;
      try {
        const counts = await deps.inGroup(one, (group) => assembleGroup(deps, one, group));
        for (const count of counts) count();
      } catch (error) {
        onError(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, assembleNext));
}

/** @returns the counts, which hold only after the commit */
async function assembleGroup(deps: AssemblyDeps, due: Due, group: GroupWork): Promise<readonly (() => void)[]> {
  const locked = await group.lock();
  if (locked === null || locked.items.length === 0) return [];
  const known = await group.knownTurns();
  const contents = locked.items.map(({ content }) => content);
  const completion = completeGroup({ ...due, ...locked, contents }, known, deps.quietMs);
  if (completion.state === 'waiting') return [];
  const ofAi = locked.items.filter(({ isAi }) => isAi).length;
  const counts: (() => void)[] = [];
  if (completion.state === 'complete') {
    const spans = contents.flatMap(({ span }) => (span === undefined ? [] : [span]));
    for (const turn of completion.turns) {
      const state = await recordTurn(deps, group, turn, { spans, quietMs: locked.quietMs });
      counts.push(() => deps.count.trace(due.service, state));
    }
    if (completion.late) counts.push(() => deps.count.trace(due.service, 'late'));
    for (let repeat = 0; repeat < completion.repeated; repeat += 1) {
      counts.push(() => deps.count.trace(due.service, 'duplicate'));
    }
  }
  const isAssembled = completion.state === 'complete' && completion.turns.length > 0;
  await group.deletePending(locked.items.map(({ key }) => key));
  counts.push(() => deps.count.spans(due.service, isAssembled ? 'assembled' : 'expired', ofAi));
  return counts;
}

async function recordTurn(
  { record, now }: AssemblyDeps,
  group: GroupWork,
  assembled: AssembledTurn,
  { spans, quietMs }: { readonly spans: readonly Span[]; readonly quietMs: number },
): Promise<'assembled' | 'incomplete' | 'duplicate' | 'refused'> {
  const at = now();
  const elsewhere = await group.isReportedElsewhere(assembled);
  let state: 'recorded' | 'repeated' | 'erased' | 'refused' | 'elsewhere' = 'elsewhere';
  if (!elsewhere) {
    try {
      state = (await record(withPlausibleTime(assembled.turn, at))).state;
    } catch (error) {
      // No retry will store it.
      if (!(error instanceof TurnRefused)) throw error;
      state = 'refused';
    }
  }
  await group.insertAssembled(assembled, notesOf(assembled, spans, at.getTime() - quietMs, elsewhere));
  if (state === 'refused' || state === 'erased') return 'refused';
  if (state === 'elsewhere' || state === 'repeated') return 'duplicate';
  const { question, answer, error } = assembled.turn;
  return question === null || (answer === null && error === null) ? 'incomplete' : 'assembled';
}

/** A clock that is ahead by more than this is wrong. Milliseconds. */
const tolerance = 300_000;

/** A question in the future would be missing from today's numbers. */
function withPlausibleTime(turn: ExternalTurn, now: Date): ExternalTurn {
  if (turn.askedAt.getTime() <= now.getTime() + tolerance) return turn;
  return { ...turn, askedAt: new Date(now.getTime() - (turn.latencyMs ?? 0)) };
}
