/** Compiles the promises of this house: what `npm run generate` writes, and what rehearsals run at another scale. */
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { type Links, localLinks } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { jobObjectives, objectives } from '../services/slo/objectives.ts';
import { type Output, outputs } from './outputs.ts';

/** @param scale what every length of time is multiplied by */
export function compileArtifacts({
  scale = 1,
  links = localLinks,
}: {
  scale?: number;
  links?: Links;
} = {}): readonly Output[] {
  const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators), scale });
  return outputs({ slo, indicators, links });
}
