/** Loads parts of the year in parallel and reports the progress. */
import type { ClientBase } from 'pg';
import { copyLines } from './copy-lines.ts';
import { createDialogueGenerator, dialogueColumns, originColumns, type Piece } from './generate-dialogues.ts';

/** @param pairs connections: one of a pair writes dialogues while the other writes their provenance rows */
export async function loadDialogues(
  pieces: readonly Piece[],
  pairs: readonly (readonly [ClientBase, ClientBase])[],
  log: (line: string) => void,
): Promise<void> {
  const generate = createDialogueGenerator();
  const total = pieces.reduce((sum, { rows }) => sum + rows, 0);
  const startedAt = performance.now();
  const waiting = pieces.values();
  let loaded = 0;
  let loggedAt = 0;
  await Promise.all(
    pairs.map(async ([first, second]) => {
      for (const piece of waiting) {
        const lines = [...generate(piece)];
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
        if (performance.now() - loggedAt < 1_000 && loaded < total) continue;
        loggedAt = performance.now();
        const perSecond = loaded / ((performance.now() - startedAt) / 1000);
        const left = (total - loaded) / perSecond;
        log(`${loaded} of ${total} dialogues, ${perSecond.toFixed(0)} per second, ${left.toFixed(0)} s left`);
      }
    }),
  );
}
