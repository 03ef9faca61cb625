/** How much text one Office file may give: a small file may name the same long text a million times. */
import { SourceUnreadable } from '../../source-error.ts';

/** About 100,000 rows of five columns. */
const mostCells = 500_000;
const mostCharacters = 10_000_000;
/** Texts that cells share, those of hidden sheets too. */
const mostShared = 1_000_000;

export type TextBudget = {
  /** @throws {SourceUnreadable} where that is more than one file may have */
  readonly spendCell: (text: string) => void;
  readonly spendText: (text: string) => void;
  readonly spendShared: () => void;
};

export function createTextBudget(): TextBudget {
  let cells = 0;
  let characters = 0;
  let shared = 0;
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
  };
}

function tooMuch(most: number, what: string): SourceUnreadable {
  return new SourceUnreadable(`holds more than ${most.toLocaleString('en')} ${what}; split it`);
}
