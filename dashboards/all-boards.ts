/** Every board, as `npm run generate` writes it. */

import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { localLinks } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { jobObjectives, objectives } from '../services/slo/objectives.ts';
import type { Board } from './board.ts';
import { businessBoard } from './business-board.ts';
import { costBoard } from './cost-board.ts';
import { databaseBoard } from './database-board.ts';
import type { House } from './panels/promises.ts';
import { provenanceBoard } from './provenance-board.ts';
import { qualityBoard } from './quality-board.ts';
import { requestBoard } from './request-board.ts';
import { sloBoard } from './slo-board.ts';
import { watchersBoard } from './watchers-board.ts';

export function allBoards(house: House): readonly Board[] {
  return [
    sloBoard,
    requestBoard,
    qualityBoard,
    costBoard,
    businessBoard,
    provenanceBoard,
    databaseBoard,
    watchersBoard,
  ].map((make) => make(house));
}

/** The promises of this house, with the links of one machine or others. */
export function thisHouse(links = localLinks): House {
  return {
    slo: compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) }),
    links,
  };
}
