/** Incidents played against the rules of the promises, with the real promtool. Rates are events a minute. */
import { expect, test } from 'vitest';
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { jobObjectives, objectives } from '../services/slo/objectives.ts';
import { noPromtool, playScenarios, type Scenario } from '../test/kit/rule-scenarios.ts';
import { localLinks } from './links.ts';
import { objectiveGroups } from './rules.ts';

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = objectiveGroups(slo, indicators, localLinks);

function play(slo: string, scenario: Omit<Scenario, 'name'>): string {
  if (noPromtool !== null) throw new Error(noPromtool);
  const own = groups.filter(({ name }) => name === `slo_${slo}`);
  return playScenarios(own, [{ name: slo, ...scenario }]);
}

const cited = (value: boolean) => `rag_answers_total{outcome="answered",model="m",cited="${value}"}`;

test.skipIf(noPromtool)(
  'citations that fall from 80 % to 30 % page within 35 minutes, in spite of a restart, and the page ends when they are back',
  () => {
    const alert = 'RagCitationRate';
    const problems = play('citation_rate', {
      every: '1m',
      series: {
        // Two hours well, 50 minutes badly with a restart after 40, then well again.
        [cited(true)]: '0+16x120 1926+6x40 0+6x9 70+16x120',
        [cited(false)]: '0+4x120 494+14x40 0+14x9 130+4x120',
      },
      checks: [
        { at: '120m', alert, fires: [] },
        // 5 m hold 30 % at once; 1 h falls below 65 % after (80 - 65) / (80 - 30) of it: 18 minutes, plus 1 for the hold.
        { at: '137m', alert, fires: [] },
        { at: '141m', alert, fires: ['warning'] },
        { at: '147m', alert, fires: ['warning', 'critical'].slice(0, 2) },
        { at: '168m', alert, fires: ['critical', 'warning'] },
        { at: '190m', alert, fires: [] },
        { at: '290m', alert, fires: [] },
      ],
    });
    expect(problems).toBe('');
  },
);
