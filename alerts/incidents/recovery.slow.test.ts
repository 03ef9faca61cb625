/** After an outage, no warning goes on for the length of its short window, while a breach that continues does not end. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { firingAlerts } from '../../test/kit/rules/firing-alerts.ts';
import { noPromtool } from '../../test/kit/rules/rule-scenarios.ts';
import { objectives } from '../../test/kit/slo/specification.ts';
import { objectiveGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 600_000 });

const { errorRate, availability, costPerAnswer } = objectives;
const slo = compileObjectives({ errorRate, availability, costPerAnswer }, { boundsOf: boundsOf(indicators) });
// An exhausted budget stays exhausted.
const groups = objectiveGroups(slo, indicators, deploymentLinks).filter(
  ({ name }) => !name.startsWith('slo_error_budget'),
);

const hours = 27;
const begin = hours * 60;
const values = (before: number, during: number, minutes: number, after: number) => {
  const [n, m] = [begin - 1, minutes];
  return `0+${before}x${n} ${before * begin}+${during}x${m - 1} ${before * begin + during * m}+${after}x200`;
};
const answers = (outcome: string) =>
  `rag_answers_total{service="rag-chat",outcome="${outcome}",model="m",cited="true"}`;
const asked = (end: string) => `rag_questions_total{service="rag-chat",end="${end}"}`;
const at = (minute: number) => `${begin + minute}m`;

test.skipIf(noPromtool).each([
  [10, 30],
  [2, 60],
])('with %d questions a minute, every warning ends within the hour after an outage of %d minutes', (rate, minutes) => {
  const moments = [minutes - 1, minutes + 50, minutes + 90, minutes + 150].map(at);
  const found = firingAlerts(groups, {
    every: '1m',
    trace: {
      [answers('answered')]: values(rate, 0, minutes, rate),
      [answers('failed')]: values(0, rate, minutes, 0),
      [asked('served')]: values(rate, 0, minutes, rate),
      [asked('failed')]: values(0, rate, minutes, 0),
    },
    at: moments,
  });
  const names = moments.map((moment) => found.get(moment)?.map(({ alertname }) => alertname) ?? []);
  expect(names[0]).toContain('RagErrorRate');
  expect(names.slice(1)).toEqual([[], [], []]);
});

test.skipIf(noPromtool)('a breach that continues goes on firing', () => {
  const moments = [60, 75, 90, 105, 120, 150, 180].map(at);
  const found = firingAlerts(groups, {
    every: '1m',
    trace: { [answers('answered')]: values(10, 9.7, 200, 10), [answers('failed')]: values(0, 0.3, 200, 0) },
    at: moments,
  });
  for (const alerts of found.values()) expect(alerts.map(({ alertname }) => alertname)).toContain('RagErrorRate');
});
