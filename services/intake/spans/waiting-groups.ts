/**
 * The groups of spans that were found to be incomplete. They are not read again until a part arrives or their wait ends, so that
 * any number of them leaves room for the complete ones.
 */

export type GroupKey = { readonly service: string; readonly group: string };

/** Equal for the same group. */
export function groupText({ service, group }: GroupKey): string {
  return JSON.stringify([service, group]);
}

/** `lastAt`: when its last part arrived, as the database prints it. */
export type DueGroup = GroupKey & { readonly lastAt: string };

export type WaitingGroups = {
  /** Those whose wait has not ended. */
  readonly current: () => readonly DueGroup[];
  readonly add: (group: DueGroup, waitMs: number) => void;
};

/** @param clock milliseconds that never run backwards */
export function createWaitingGroups(clock: () => number): WaitingGroups {
  const groups = new Map<string, { readonly group: DueGroup; readonly until: number }>();
  return {
    current: () => {
      const now = clock();
      for (const [key, { until }] of groups) if (until <= now) groups.delete(key);
      return [...groups.values()].map(({ group }) => group);
    },
    add: (due, waitMs) => {
      const { service, group, lastAt } = due;
      groups.set(groupText(due), { group: { service, group, lastAt }, until: clock() + waitMs });
    },
  };
}
