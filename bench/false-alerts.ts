/** PROGRAM `npm run bench -- false-alerts [--days N]`: counts false alerts of all rules on traffic while every objective is exactly met. */
import { parseArgs } from 'node:util';
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { alertPolicy } from '../services/slo/alert-policy.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { objectiveOn, objectives } from '../services/slo/objectives.ts';
import { seededRandom } from '../test/faults/seeded-random.ts';
import { simulateAlerts } from '../test/slo/simulate-alerts.ts';
import { operationTraffic } from '../test/slo/simulate-operation.ts';

const { values } = parseArgs({
  options: { days: { type: 'string', default: '10000' }, seed: { type: 'string', default: '7' } },
});
const days = Number(values.days);
const slo = compileObjectives(objectives, { boundsOf: boundsOf(indicators) });
const { warning, critical } = alertPolicy.falseAlerts;
console.log(`allowed in ${days} days: ${warning * days} with a warning, ${critical * days} with a critical alert`);

let tooMany = false;
for (const perDay of [100, 1_000, 10_000]) {
  for (const swing of [0, 0.9]) {
    const random = seededRandom(Number(values.seed)).next;
    const citationTarget = objectiveOn('citation_rate')?.target ?? 1;
    const operation = operationTraffic(citationTarget, seededRandom(Number(values.seed) + 1).next);
    const alarms = simulateAlerts(slo, { days, perDay, swing, random, operation });
    const counts = Object.entries(alarms.byAlert).map(([alert, count]) => `${alert} ${count}`);
    const traffic = `${perDay} answers a day${swing === 0 ? ', constant' : ', fewer at night'}`;
    console.log(
      `${traffic}: ${alarms.warning} with a warning, ${alarms.critical} with a critical alert${counts.length === 0 ? '' : ` (${counts.join(', ')})`}`,
    );
    tooMany ||= alarms.warning > warning * days || alarms.critical > critical * days;
  }
}
process.exitCode = tooMany ? 1 : 0;
