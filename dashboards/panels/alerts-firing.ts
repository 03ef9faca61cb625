/** What fires right now, since when, and where to click. */
import { called, colours, grid, look } from '../house-style.ts';
import { rows } from '../queries.ts';
import { keep, ordered } from '../tidy.ts';
import type { House } from './promises.ts';

const columns = ['severity', 'alertname', 'Value', 'slo', 'service'];

/** @param only alerts of these names; all if nothing is said */
export function alertsFiring({ links }: House, { only }: { only?: readonly string[] } = {}) {
  const which = only === undefined ? '' : `,alertname=~"${only.join('|')}"`;
  const panel = grid({
    title: 'Firing now',
    says: 'Alerts that fire, the worst first, since when, and the runbook of each: click its name. An empty table is good news only while the board of the watchers is well: the watchdog has to fire there.',
    unit: 'none',
    empty: 'nothing fires',
    queries: [
      rows(
        `(ALERTS_FOR_STATE and ignoring(alertstate) ALERTS{alertstate="firing",severity=~"critical|warning"${which}}) * 1000`,
      ),
    ],
    sortBy: [{ column: 'Severity', desc: false }],
  });
  keep(panel, columns);
  ordered(panel, columns);
  return panel
    .overrideByName(
      'severity',
      look({
        name: 'Severity',
        width: 95,
        painted: true,
        mappings: [called({ critical: ['CRITICAL', colours.bad], warning: ['WARNING', colours.warn] })],
      }),
    )
    .overrideByName(
      'alertname',
      look({
        name: 'Alert',
        links: [{ title: 'Runbook', url: `${links.runbooks}/\${__value.raw}.md` }],
      }),
    )
    .overrideByName('Value', look({ name: 'Since', unit: 'dateTimeFromNow', width: 130 }))
    .overrideByName('slo', look({ name: 'About' }))
    .overrideByName('service', look({ name: 'Service', width: 110 }));
}
