/** Random traffic near the limits, evaluated by the operational rules in promtool and by the simulation: both must agree. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { seededRandom } from '../../test/faults/seeded-random.ts';
import { firingAlerts } from '../../test/kit/rules/firing-alerts.ts';
import { noPromtool } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { type Counted, operationConditions } from '../../test/slo/operation-conditions.ts';
import { operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 300_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = operationGroups(slo, deploymentLinks);
const length = 400;
const conditions = operationConditions(
  { servers: 2, models: 2, citationTarget: objectives.citationRate.target },
  () => null,
);
const compared = new Set(conditions.map(({ alert }) => alert));

type Totals = Map<Counted, number[]>;

/** @param shift multiplies the share of every bad event */
function draw(seed: number, perMinute: number, shift: number) {
  const random = seededRandom(seed);
  const totals: Totals = new Map();
  const series = new Map<string, number[]>();
  const grow = <K>(of: Map<K, number[]>, key: K, at: number, by: number) => {
    const values = of.get(key) ?? Array.from({ length }, () => 0);
    of.set(key, values);
    for (let later = at; later < length; later += 1) values[later] = (values[later] ?? 0) + by;
  };
  for (let at = 1; at < length; at += 1) {
    const count = (bad: Counted, all: Counted, names: [bad: string, good: string], limit: number, most = perMinute) => {
      for (let asked = random.between(0, 2 * most); asked > 0; asked -= 1) {
        const isBad = random.chance(Math.min(1, limit * shift));
        grow(totals, all, at, 1);
        if (isBad) grow(totals, bad, at, 1);
        grow(series, isBad ? names[0] : names[1], at, 1);
      }
    };
    const service = 'service="rag-chat"';
    const ended = (end: string, instance: string) =>
      `rag_questions_total{${service},end="${end}",instance="${instance}"}`;
    const answer = (outcome: string, model: string, cited: string) =>
      `rag_answers_total{${service},outcome="${outcome}",model="${model}",cited="${cited}"}`;
    const signIn = (result: string) =>
      `rag_stage_duration_seconds_count{${service},stage="authenticate",result="${result}"}`;
    count('lost@0', 'ended@0', [ended('failed', 'a'), ended('served', 'a')], 0.02);
    count('lost@1', 'ended@1', [ended('failed', 'b'), ended('served', 'b')], 0.2);
    count('failed@0', 'answered@0', [answer('failed', 'm', 'false'), answer('no_answer', 'm', 'false')], 0.2);
    count('uncited@1', 'judgedCitations@1', [answer('answered', 'n', 'false'), answer('answered', 'n', 'true')], 0.5);
    count('uncited@0', 'judgedCitations@0', [answer('answered', 'm', 'false'), answer('answered', 'm', 'true')], 0.1);
    count(
      'invalid',
      'citations',
      [`rag_citations_total{${service},valid="false"}`, `rag_citations_total{${service},valid="true"}`],
      0.2,
    );
    count(
      'down',
      'votes',
      [`rag_feedback_total{${service},vote="down"}`, `rag_feedback_total{${service},vote="up"}`],
      0.5,
      1,
    );
    count('signInsFailed', 'signIns', [signIn('failed'), signIn('ok')], 0.2);
    count(
      'judgeFailed',
      'judged',
      ['rag_judgements_total{state="failed"}', 'rag_judgements_total{state="scored"}'],
      0.5,
    );
    count(
      'unreachable',
      'searches',
      ['rag_semantic_searches_total{result="unreachable"}', 'rag_semantic_searches_total{result="ok"}'],
      0.5,
    );
  }
  return { totals, series };
}

/** The alerts whose condition holds, with a tilt of the bad events. */
function holding(totals: Totals, at: number, tilt: number): ReadonlySet<string> {
  const bad = /^(lost|failed|uncited|invalid|down|signInsFailed|judgeFailed|unreachable|notFound)/;
  const between = (values: readonly number[] | undefined, minutes: number) =>
    (values?.[at] ?? 0) - (values?.[Math.max(0, at - minutes)] ?? 0);
  const over = (what: Counted, minutes: number) => {
    const get = (each: Counted) => between(totals.get(each), minutes);
    // Made of the others, as the rules do.
    if (what === 'questions') return get('ended@0') + get('ended@1');
    if (what === 'answered@1') return get('judgedCitations@1');
    if (what === 'answered@0') return get('answered@0') + get('judgedCitations@0');
    const replies = () => get('answered@0') - get('failed@0') + get('judgedCitations@0') + get('judgedCitations@1');
    if (what === 'replies') return replies();
    if (what === 'notFound') return (get('answered@0') - get('failed@0')) * (1 + tilt);
    if (what === 'answers') return replies() + get('failed@0');
    return get(what) * (bad.test(what) ? 1 + tilt : 1);
  };
  return new Set(conditions.filter(({ holds }) => holds(over)).map(({ alert, severity }) => `${alert} ${severity}`));
}

test.skipIf(noPromtool).for([
  { seed: 3, perMinute: 3, shift: 0.6 },
  { seed: 5, perMinute: 3, shift: 1 },
  { seed: 7, perMinute: 1, shift: 1.3 },
  { seed: 11, perMinute: 8, shift: 1.5 },
  { seed: 13, perMinute: 8, shift: 0.3 },
])('seed $seed, $perMinute a minute, $shift of the limits: promtool and the simulation agree', (traffic) => {
  const { totals, series } = draw(traffic.seed, traffic.perMinute, traffic.shift);
  const moments = Array.from({ length: 14 }, (_, index) => length - 1 - 19 * index);
  const trace = Object.fromEntries([...series].map(([name, values]) => [name, values.join(' ')]));
  const own = groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => 'alert' in rule && compared.has(rule.alert)) }))
    .filter(({ rules }) => rules.length > 0);
  const found = firingAlerts(own, { every: '1m', trace, at: moments.map((at) => `${at}m`) });
  let agreed = 0;
  for (const at of moments) {
    const fires = new Set(found.get(`${at}m`)?.map(({ alertname, severity }) => `${alertname} ${severity}`));
    for (const { alert, severity } of conditions) {
      const key = `${alert} ${severity}`;
      // Whether 6% more or fewer bad events make no difference, now and during the alert's `for`.
      const nearby = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((back) =>
        [-0.06, 0, 0.06].map((tilt) => holding(totals, at - back, tilt).has(key)),
      );
      if (new Set(nearby).size !== 1) continue;
      expect([at, key, fires.has(key)]).toEqual([at, key, nearby[0]]);
      agreed += 1;
    }
  }
  expect(agreed).toBeGreaterThan(100);
});
