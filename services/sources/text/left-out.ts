/** Counts what a reader leaves out, describes it, and refuses documents of which too much is missing. */
import { SourceUnreadable } from '../source-error.ts';
import type { Extracted, LeftOut, LeftOutKind } from './block.ts';

/** Above this share of pages without text, or of parts that cannot be read, a document fails instead of being stored incomplete. */
const mostMissing = 0.5;

export type LeftOutCounter = {
  readonly add: (kind: LeftOutKind, page?: number | null, count?: number) => void;
  /** Takes over what another reader left out of a part of the file. */
  readonly addAll: (leftOut: readonly LeftOut[] | undefined) => void;
  /** For spreading into what a reader returns. @param totals how many there are in all, where that is known */
  readonly report: (totals?: Readonly<Partial<Record<LeftOutKind, number>>>) => Pick<Extracted, 'leftOut'>;
};

export function createLeftOutCounter(): LeftOutCounter {
  const counts = new Map<LeftOutKind, { count: number; readonly pages: Set<number> }>();
  function add(kind: LeftOutKind, page: number | null = null, count = 1): void {
    const entry = counts.get(kind) ?? { count: 0, pages: new Set<number>() };
    counts.set(kind, entry);
    entry.count += count;
    if (page !== null) entry.pages.add(page);
  }
  return {
    add,
    addAll(leftOut = []) {
      for (const { kind, count, pages = [] } of leftOut) {
        add(kind, null, count);
        for (const page of pages) counts.get(kind)?.pages.add(page);
      }
    },
    report(totals = {}) {
      const leftOut = [...counts].map(([kind, { count, pages }]) => {
        const of = totals[kind];
        return {
          kind,
          count,
          ...(of !== undefined && { of }),
          ...(pages.size > 0 && { pages: [...pages].sort((a, b) => a - b) }),
        };
      });
      return leftOut.length > 0 ? { leftOut } : {};
    },
  };
}

/** One line for reports: `pages without text: 2 of 9 (pages 3, 5)`. */
export function describeLeftOut({ kind, count, of, pages }: LeftOut): string {
  const total = of === undefined ? '' : ` of ${of}`;
  const shown = pages?.slice(0, 10).join(', ');
  const more = (pages?.length ?? 0) > 10 ? ', …' : '';
  return `${kind}: ${count}${total}${shown === undefined ? '' : ` (page${pages?.length === 1 ? '' : 's'} ${shown}${more})`}`;
}

/** @throws {SourceUnreadable} where too much of the file cannot be read */
export function refuseIncomplete(extracted: Extracted): Extracted {
  for (const { kind, count, of } of extracted.leftOut ?? []) {
    if (of === undefined || count <= of * mostMissing) continue;
    if (kind === 'pages without text' && count === of) {
      throw new SourceUnreadable('holds no text, only pictures of it; run it through OCR first');
    }
    if (kind === 'pages without text') {
      throw new SourceUnreadable(
        `holds text on only ${of - count} of ${of} pages, the others are pictures; run it through OCR first`,
      );
    }
    if (kind === 'unread parts') {
      throw new SourceUnreadable(`is incomplete: ${count} of its ${of} parts are missing or damaged`);
    }
  }
  return extracted;
}
