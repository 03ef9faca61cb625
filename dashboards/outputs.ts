/** The boards as files that Grafana provisions. */
import { allBoards } from './all-boards.ts';
import type { House } from './panels/promises.ts';

export type BoardFile = { readonly path: string; readonly text: string };

/** @throws {Error} if one would be empty */
export function boardFiles(house: House): readonly BoardFile[] {
  return allBoards(house).map((board) => {
    const path = `dashboards/generated/${board.uid}.json`;
    if (!board.panels?.length) throw new Error(`${path} would hold no panel`);
    return { path, text: `${JSON.stringify(board, null, 2)}\n` };
  });
}
