/** Asks a source, item by item, which of those that its listing says nothing of were deleted. */
import type { KnownItem } from '../provenance/source.ts';
import type { SourceContext, SourcePlugin } from './plugin.ts';
import { usualPatience, withPatience } from './with-patience.ts';

/**
 * Ends with the first item of which the source cannot tell.
 * @param there told of each that is there
 * @returns the keys of those that are not
 */
export async function askGone(
  items: readonly KnownItem[],
  isGone: NonNullable<SourcePlugin['isGone']>,
  { context, there }: { context: SourceContext<unknown>; there: (key: string) => Promise<void> },
): Promise<readonly string[]> {
  const { signal } = context;
  const ask = async (item: KnownItem) => isGone(item, context);
  const gone: string[] = [];
  for (const item of items) {
    const answer = await withPatience(ask(item), usualPatience, signal).catch(() => null);
    signal.throwIfAborted();
    if (answer === null) break;
    if (answer) gone.push(item.key);
    else await there(item.key);
  }
  return gone;
}
