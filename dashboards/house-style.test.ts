/** What every panel of the house keeps to, whatever it shows. */
import { expect, test } from 'vitest';
import { type BoardJson, shownIn } from '../test/dashboards/walk-board.ts';
import { allBoards, thisHouse } from './all-boards.ts';

const boards = allBoards(thisHouse()).map((board) => board as unknown as BoardJson);

/** Of a panel, or of a column of it. */
const saysWhatIsMissing = (mappings: unknown) =>
  (Array.isArray(mappings) ? mappings : []).some(
    ({ type, options }) => type === 'special' && options.match === 'null+nan',
  );

test.each(boards.map((board) => [board.title, board] as const))(
  '%s: what is missing is not coloured as kept or missed',
  (_, board) => {
    const wrong = shownIn(board).flatMap(({ type, title, fieldConfig }) => {
      const defaults = fieldConfig?.defaults as { mappings?: unknown } | undefined;
      const columns = (fieldConfig?.overrides ?? [])
        .map(({ properties }) => Object.fromEntries(properties.map(({ id, value }) => [id, value])))
        .filter((each) => each.thresholds && JSON.stringify(each['custom.cellOptions'])?.includes('color-background'));
      return [
        ...(type === 'stat' && !saysWhatIsMissing(defaults?.mappings) ? [title] : []),
        ...columns.filter((each) => !saysWhatIsMissing(each.mappings)).map((each) => `${title}: ${each.displayName}`),
      ];
    });
    expect(wrong).toEqual([]);
  },
);
