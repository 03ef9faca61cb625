/** Every board, as `npm run generate` writes it. */
import { localLinks } from '../alerts/links.ts';
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { jobObjectives, objectives } from '../services/slo/objectives.ts';
import type { Board } from './board.ts';
import type { House } from './panels/promises.ts';
import { sloBoard } from './slo-board.ts';

export function allBoards(house: House): readonly Board[] {
  return [sloBoard(house)];
}

/** The promises of this house, with the links of one machine or others. */
export function thisHouse(links = localLinks): House {
  return {
    slo: compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) }),
    links,
  };
}
