/** Loads pieces of the year, two at a time, and tells how far it is. */
import type { ClientBase } from 'pg';
import { copyLines } from './copy-lines.ts';
import { createInventDialogues, dialogueColumns, originColumns, type Piece } from './invent-dialogues.ts';

/** @param pairs connections: one of a pair writes dialogues while the other writes their provenance rows */
export async function loadDialogues(
  pieces: readonly Piece[],
  pairs: readonly (readonly [ClientBase, ClientBase])[],
  tell: (line: string) => void,
): Promise<void> {
  const invent = createInventDialogues();
  const total = pieces.reduce((sum, { rows }) => sum + rows, 0);
  const begun = performance.now();
  const waiting = pieces.values();
  let loaded = 0;
  let toldAt = 0;
  await Promise.all(
    pairs.map(async ([first, second]) => {
      for (const piece of waiting) {
        const lines = [...invent(piece)];
        await Promise.all([
          copyLines(
            first,
            'ai_dialogue_log',
            dialogueColumns,
            lines.map(({ dialogues }) => dialogues),
          ),
          copyLines(
            second,
            'provenance',
            originColumns,
            lines.map(({ origins }) => origins),
          ),
        ]);
        loaded += piece.rows;
        if (performance.now() - toldAt < 1_000 && loaded < total) continue;
        toldAt = performance.now();
        const perSecond = loaded / ((performance.now() - begun) / 1000);
        const left = (total - loaded) / perSecond;
        tell(`${loaded} of ${total} dialogues, ${perSecond.toFixed(0)} a second, ${left.toFixed(0)} s left`);
      }
    }),
  );
}
