/** Assembles the groups of spans that are complete, and records their turns. */
import { ServiceFailure } from '../../failure/service-failure.ts';
import { type ExternalTurn, type RecordExternalTurn, TurnRefused } from '../external-turn.ts';
import type { AssembledTurn } from './assemble.ts';
import { type Completion, completeGroup, type KnownTurn } from './complete-group.ts';
import { notesOf, type TurnNotes } from './notes.ts';
import type { PendingContent } from './pending.ts';
import type { DueGroup, GroupKey } from './waiting-groups.ts';

export type PendingKey = { readonly traceId: string; readonly spanId: string; readonly part: string };

export type LockedGroup = DueGroup & {
  readonly items: readonly (PendingKey & { readonly isAi: boolean; readonly content: PendingContent })[];
  readonly ageMs: number;
  readonly quietMs: number;
};

export type NewlyAssembled = { readonly group: string; readonly assembled: AssembledTurn; readonly notes: TurnNotes };

/** One transaction that holds the locks of some groups. */
export type GroupsWork = {
  /** Those of the due groups that no other server has. */
  readonly locked: readonly LockedGroup[];
  readonly knownTurns: (group: GroupKey) => readonly KnownTurn[];
  /** The turns that another instrumentation has reported in a trace of its own, or an earlier one of these. */
  readonly reportedElsewhere: (turns: readonly AssembledTurn[]) => Promise<ReadonlySet<AssembledTurn>>;
  readonly insertAssembled: (turns: readonly NewlyAssembled[]) => Promise<void>;
  readonly deletePending: (groups: readonly LockedGroup[]) => Promise<void>;
};

export type AssemblyDeps = {
  readonly quietMs: number;
  readonly now: () => Date;
  readonly findDue: () => Promise<readonly DueGroup[]>;
  /** Keeps a group out of `findDue` for some time, unless more of its parts arrive. */
  readonly postpone: (group: DueGroup, waitMs: number) => void;
  /** Commits when the work resolves, and rolls back when it throws. */
  readonly inGroups: <T>(due: readonly DueGroup[], work: (groups: GroupsWork) => Promise<T>) => Promise<T>;
  readonly record: RecordExternalTurn;
  readonly count: {
    readonly spans: (service: string, state: 'assembled' | 'expired', count: number) => void;
    readonly trace: (service: string, state: 'assembled' | 'incomplete' | 'late' | 'duplicate' | 'refused') => void;
  };
};

/** Groups of one transaction: their turns share commits. */
const groupsAtOnce = 100;
/** How long a group rests that cannot be read. The next release may read it. Milliseconds. */
const unreadableMs = 3_600_000;

/**
 * Assembles all due groups once.
 *
 * A turn is recorded before its spans are deleted. If the server is killed in between, the turn is assembled again and finds
 * its row.
 * @param onError of a turn or of some groups, which are tried again later
 */
export async function assembleDue(
  deps: AssemblyDeps,
  atOnce: number,
  onError: (error: unknown) => void,
): Promise<void> {
  const due = [...(await deps.findDue())];
  const assembleNext = async (): Promise<void> => {
    while (due.length > 0) {
      const some = due.splice(0, groupsAtOnce);
      try {
        const counts = await deps.inGroups(some, (groups) => assembleGroups(deps, groups, onError));
        for (const count of counts) count();
      } catch (error) {
        onError(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, assembleNext));
}

type Completed = { readonly group: LockedGroup; readonly completion: Exclude<Completion, { state: 'waiting' }> };

/** @returns the counts, which hold only after the commit */
async function assembleGroups(
  deps: AssemblyDeps,
  groups: GroupsWork,
  onError: (error: unknown) => void,
): Promise<readonly (() => void)[]> {
  const completed: Completed[] = [];
  for (const group of groups.locked) {
    const contents = group.items.map(({ content }) => content);
    try {
      const completion = completeGroup({ ...group, contents }, groups.knownTurns(group), deps.quietMs);
      if (completion.state === 'waiting') deps.postpone(group, completion.forMs);
      else completed.push({ group, completion });
    } catch (error) {
      // Spans of other programs can have any shape; one group that cannot be read stops no other.
      deps.postpone(group, unreadableMs);
      onError(error);
    }
  }
  const turns = completed.flatMap(({ completion }) => (completion.state === 'complete' ? completion.turns : []));
  const elsewhere = await groups.reportedElsewhere(turns);
  const assembled: NewlyAssembled[] = [];
  const counts: (() => void)[] = [];
  const done: LockedGroup[] = [];
  await Promise.all(
    completed.map(async ({ group, completion }) => {
      try {
        counts.push(...(await recordGroup(deps, group, completion, elsewhere, assembled)));
        done.push(group);
      } catch (error) {
        // Its spans stay, and the others of the transaction go on.
        onError(error);
      }
    }),
  );
  await groups.insertAssembled(assembled);
  await groups.deletePending(done);
  return counts;
}

async function recordGroup(
  deps: AssemblyDeps,
  group: LockedGroup,
  completion: Completed['completion'],
  elsewhere: ReadonlySet<AssembledTurn>,
  assembled: NewlyAssembled[],
): Promise<readonly (() => void)[]> {
  const { service } = group;
  const counts: (() => void)[] = [];
  const trace = (state: Parameters<AssemblyDeps['count']['trace']>[1]) =>
    counts.push(() => deps.count.trace(service, state));
  const turns = completion.state === 'complete' ? completion.turns : [];
  const own: NewlyAssembled[] = [];
  const spans = group.items.flatMap(({ content }) => (content.span === undefined ? [] : [content.span]));
  for (const turn of turns) {
    const at = deps.now();
    const isDuplicate = elsewhere.has(turn);
    trace(isDuplicate ? 'duplicate' : await recordTurn(deps, turn, at));
    const notes = notesOf(turn, spans, at.getTime() - group.quietMs, isDuplicate);
    own.push({ group: group.group, assembled: turn, notes });
  }
  // Only when all turns of the group are recorded, so that a retry finds none of them half done.
  assembled.push(...own);
  if (completion.state === 'complete') {
    if (completion.late) trace('late');
    for (let repeat = 0; repeat < completion.repeated; repeat += 1) trace('duplicate');
  }
  const ofAi = group.items.filter(({ isAi }) => isAi).length;
  counts.push(() => deps.count.spans(service, turns.length > 0 ? 'assembled' : 'expired', ofAi));
  return counts;
}

async function recordTurn(
  { record }: AssemblyDeps,
  { turn }: AssembledTurn,
  at: Date,
): Promise<'assembled' | 'incomplete' | 'duplicate' | 'refused'> {
  try {
    const { state } = await record(withPlausibleTime(turn, at));
    if (state === 'erased') return 'refused';
    if (state === 'repeated') return 'duplicate';
  } catch (error) {
    // No retry will store it.
    if (error instanceof TurnRefused) return 'refused';
    if (error instanceof ServiceFailure && error.code === 'internal') return 'refused';
    throw error;
  }
  return turn.question === null || (turn.answer === null && turn.error === null) ? 'incomplete' : 'assembled';
}

/** A clock that is ahead by more than this is wrong. Milliseconds. */
const tolerance = 300_000;

/** A question in the future would be missing from today's numbers. */
function withPlausibleTime(turn: ExternalTurn, now: Date): ExternalTurn {
  if (turn.askedAt.getTime() <= now.getTime() + tolerance) return turn;
  return { ...turn, askedAt: new Date(now.getTime() - (turn.latencyMs ?? 0)) };
}
