/** Compiles the shipped objectives: `npm run generate` writes the result, game days use it at another scale. */
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { deploymentLinks, type Links } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { jobObjectives, objectives } from '../services/slo/objectives.ts';
import { type Output, outputs } from './outputs.ts';

/** @param scale factor for every duration */
export function compileArtifacts({
  scale = 1,
  links = deploymentLinks,
}: {
  scale?: number;
  links?: Links;
} = {}): readonly Output[] {
  const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators), scale });
  return outputs({ slo, indicators, links });
}
