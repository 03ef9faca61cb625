/** Panels of content sources: whether each answers, when it was last synced, and what could not be taken in. */
import { sourceMetrics } from '../../services/catalogue/source-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { told } from '../expressions.ts';
import { anyIs, called, colours, graph, grid, look } from '../house-style.ts';
import { over, rows } from '../queries.ts';
import { joined } from '../tidy.ts';

const {
  sourceHealth,
  sourceHealthLatency,
  sourceSyncLastSuccess,
  sourceSyncOverdue,
  sourceSyncItems,
  sourceItems,
  sourceFailingItems,
} = sourceMetrics;
const noSource = 'no source';

export function sources() {
  const panel = grid({
    title: 'Sources',
    says: `Each source of content: what its last check found, when it was last synced, how late the next sync is, and its items. From ${limits.sourceOverdue} late on, and while it is down, somebody is told. cli -- sources health and cli -- sources sync tell the reason.`,
    unit: 'none',
    queries: [
      rows(`${told(sourceHealth, { by: 'source, status' })} == 1`),
      rows(`time() - ${told(sourceSyncLastSuccess, { by: 'source' })}`),
      rows(told(sourceSyncOverdue, { by: 'source' })),
      rows(told(sourceItems, { by: 'source' })),
      rows(told(sourceFailingItems, { by: 'source' })),
    ],
    empty: noSource,
  });
  joined(panel, 'source', ['source', 'status', 'Value #B', 'Value #C', 'Value #D', 'Value #E']);
  return panel
    .overrideByName('source', look({ name: 'Source' }))
    .overrideByName(
      'status',
      look({
        name: 'Health',
        painted: true,
        empty: 'switched off',
        steps: [{ value: null, color: 'transparent' }],
        mappings: [
          called({
            healthy: ['healthy', 'transparent'],
            degraded: ['DEGRADED', colours.warn],
            down: ['DOWN', colours.bad],
            never_checked: ['never checked', colours.notice],
          }),
        ],
      }),
    )
    .overrideByName(
      'Value #B',
      look({ name: 'Last sync succeeded, ago', unit: 'dtdurations', decimals: 0, empty: 'never' }),
    )
    .overrideByName(
      'Value #C',
      look({
        name: 'Late by',
        unit: 'dtdurations',
        decimals: 0,
        painted: true,
        empty: 'on demand',
        steps: anyIs(colours.notice, 'transparent'),
        mappings: [called({ '0': ['in time'] })],
      }),
    )
    .overrideByName('Value #D', look({ name: 'Items held', unit: 'locale' }))
    .overrideByName(
      'Value #E',
      look({
        name: 'Items refused',
        unit: 'locale',
        painted: true,
        steps: anyIs(colours.warn, 'transparent'),
      }),
    );
}

export function health() {
  return graph({
    title: 'Sources, by health',
    says: 'How many enabled sources the last checks found healthy, degraded or down. What a source that is down holds here already is found all the same.',
    unit: 'none',
    min: 0,
    stacked: true,
    queries: [over(`sum by (status) (${told(sourceHealth, { by: 'source, status' })}) > 0`, '{{status}}')],
    empty: noSource,
  })
    .overrideByName('healthy', look({ colour: colours.good }))
    .overrideByName('degraded', look({ colour: colours.fourth }))
    .overrideByName('down', look({ colour: colours.bad }))
    .overrideByName('never_checked', look({ colour: colours.quiet }));
}

export function checks() {
  return graph({
    title: 'How long a check takes',
    says: 'How long the last check of each enabled source took. A climb tells of a source that will soon be down.',
    unit: 's',
    min: 0,
    queries: [over(told(sourceHealthLatency, { by: 'source' }), '{{source}}')],
    empty: 'never checked',
  });
}

export function outcomes() {
  return graph({
    title: 'Last syncs, items by what became of them',
    says: 'Items of the last sync of every source together, a running one included. Many removed at once: somebody deleted them there, or the listing broke.',
    unit: 'none',
    min: 0,
    queries: [over(`sum by (outcome) (${told(sourceSyncItems, { by: 'source, outcome' })})`, '{{outcome}}')],
    empty: 'never synced',
  })
    .overrideByName('created', look({ colour: colours.good }))
    .overrideByName('replaced', look({ colour: colours.other }))
    .overrideByName('unchanged', look({ colour: colours.quiet }))
    .overrideByName('removed', look({ colour: colours.fourth, dashed: true }))
    .overrideByName('failed', look({ colour: colours.bad, dashed: true }));
}
