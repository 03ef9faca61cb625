/** How much text one document may produce: a small file may name the same long text a million times. */
import { SourceUnreadable } from '../source-error.ts';
import type { Block } from '../text/block.ts';

/** About 100,000 rows of five columns. */
const mostCells = 500_000;
const mostCharacters = 10_000_000;
const mostBlocks = 200_000;
/** Texts that cells share, those of hidden sheets included. */
const mostShared = 1_000_000;

export type TextBudget = {
  /** @throws {SourceUnreadable} where that is more than one file may have */
  readonly spendCell: (text: string) => void;
  readonly spendText: (text: string) => void;
  readonly spendShared: () => void;
  readonly spendBlocks: (blocks: readonly Block[]) => void;
};

export function createTextBudget(): TextBudget {
  let cells = 0;
  let characters = 0;
  let shared = 0;
  let paragraphs = 0;
  function spendText(text: string): void {
    characters += text.length;
    if (characters > mostCharacters) throw tooMuch(mostCharacters, 'characters');
  }
  return {
    spendText,
    spendCell(text) {
      cells++;
      if (cells > mostCells) throw tooMuch(mostCells, 'filled cells');
      spendText(text);
    },
    spendShared() {
      shared++;
      if (shared > mostShared) throw tooMuch(mostShared, 'texts');
    },
    spendBlocks(blocks) {
      paragraphs += blocks.length;
      if (paragraphs > mostBlocks) throw tooMuch(mostBlocks, 'paragraphs');
      for (const { text } of blocks) spendText(text);
    },
  };
}

function tooMuch(most: number, what: string): SourceUnreadable {
  return new SourceUnreadable(`holds more than ${most.toLocaleString('en')} ${what}; split it`);
}
