/** `cli -- ingest --prune`: removes the documents of files that are deleted or have no text. */
import { count } from '../../runtime/console.ts';
import type { IngestReport } from '../../sources/ingest/ingest.ts';
import { printable } from '../progress.ts';

type PruneDeps = {
  /** Only prints what would be removed. */
  readonly dryRun: boolean;
  readonly allowRemovals: boolean;
  /** @returns whether there was a document */
  readonly remove: ((key: string) => Promise<boolean>) | undefined;
  readonly print: (lines: readonly string[]) => void;
};

/** @throws {Error} if more than half of many documents would be removed, unless it is allowed */
export async function prune(
  { missing, known }: Pick<IngestReport, 'missing' | 'known'>,
  { dryRun, allowRemovals, remove, print }: PruneDeps,
): Promise<void> {
  // Loaded on demand, like the rest of the sync.
  const { areMost } = await import('../../sources/sync/deleted-items.ts');
  const refused = !allowRemovals && areMost(missing.length, known);
  const share = `${missing.length} of ${count(known, 'stored document')}`;
  if (dryRun) {
    print(missing.map((key) => `would remove: ${printable(key)}`));
    print([
      `${count(missing.length, 'document')} would be removed${refused ? ` with --allow-removals (${share})` : ''}`,
    ]);
    return;
  }
  if (refused) {
    throw new Error(
      `the files were ingested as reported, but no document was removed, because ${share} belong to files that are deleted or have no text; if that is correct, pass --allow-removals`,
    );
  }
  let removed = 0;
  if (remove) for (const key of missing) if (await remove(key)) removed++;
  print([`${count(removed, 'document')} removed`]);
}
