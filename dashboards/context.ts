/** What every dashboard is built from: the compiled objectives, and the links to runbooks and Grafana. */

import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { deploymentLinks, type Links } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { jobObjectives, objectives } from '../services/slo/objectives.ts';
import type { SloModel } from '../services/slo/slo-model.ts';

export type DashboardContext = { readonly slo: SloModel; readonly links: Links };

/** The objectives of services/slo, with links to a stack on one machine or to another one. */
export function defaultContext(links = deploymentLinks): DashboardContext {
  return {
    slo: compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) }),
    links,
  };
}
