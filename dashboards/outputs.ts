/** The boards as files that Grafana provisions, a folder of files for each of its folders. */
import { type DashboardId, dashboards } from '../services/catalogue/links.ts';
import { allBoards } from './all-boards.ts';
import { boardFolders } from './folders.ts';
import type { House } from './panels/promises.ts';

export type BoardFile = { readonly path: string; readonly text: string };

/** @throws {Error} if one would be empty */
export function boardFiles(house: House): readonly BoardFile[] {
  return allBoards(house).map((board) => {
    const path = `dashboards/generated/${folderOf(board.uid)}/${board.uid}.json`;
    if (!board.panels?.length) throw new Error(`${path} would hold no panel`);
    return { path, text: `${JSON.stringify(board, null, 2)}\n` };
  });
}

function folderOf(uid: string | undefined): string {
  const found = Object.entries(dashboards).find(([, each]) => each === uid);
  if (found === undefined) throw new Error(`no board is called ${uid}`);
  return boardFolders[found[0] as DashboardId].name;
}
