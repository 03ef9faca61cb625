/** Content sources: health, syncs and failed items. */
import { sourceMetrics } from '../../services/catalogue/source-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { sharedGauge } from '../expressions.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { rangeQuery, tableQuery } from '../queries.ts';
import { colours, nonZeroSteps } from '../theme.ts';
import { joinBy } from '../transformations.ts';

const {
  sourceHealth,
  sourceHealthLatency,
  sourceSyncLastSuccess,
  sourceSyncOverdue,
  sourceSyncItems,
  sourceItems,
  sourceFailingItems,
} = sourceMetrics;
const noSource = 'no sources';

export function contentSources() {
  const panel = tablePanel({
    title: 'Content sources',
    description: `Sources with the result of the last health check, the last successful sync, the delay of the next sync, and their documents. A warning fires from ${limits.sourceOverdue} of delay and while a source is down. cli -- sources health and cli -- sources sync print the cause.`,
    unit: 'none',
    queries: [
      tableQuery(`${sharedGauge(sourceHealth, { by: 'source, status' })} == 1`),
      tableQuery(`time() - ${sharedGauge(sourceSyncLastSuccess, { by: 'source' })}`),
      tableQuery(sharedGauge(sourceSyncOverdue, { by: 'source' })),
      tableQuery(sharedGauge(sourceItems, { by: 'source' })),
      tableQuery(sharedGauge(sourceFailingItems, { by: 'source' })),
    ],
    noValue: noSource,
  });
  joinBy(panel, 'source', ['source', 'status', 'Value #B', 'Value #C', 'Value #D', 'Value #E']);
  return panel
    .overrideByName('source', overrides({ name: 'Source' }))
    .overrideByName(
      'status',
      overrides({
        name: 'Health',
        coloured: true,
        noValue: 'disabled',
        steps: [{ value: null, color: 'transparent' }],
        mappings: [
          valueMapping({
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
      overrides({ name: 'Last successful sync', unit: 'dtdurations', decimals: 0, noValue: 'never' }),
    )
    .overrideByName(
      'Value #C',
      overrides({
        name: 'Sync delay',
        unit: 'dtdurations',
        decimals: 0,
        coloured: true,
        noValue: 'on demand',
        steps: nonZeroSteps(colours.notice, 'transparent'),
        mappings: [valueMapping({ '0': ['on time'] })],
      }),
    )
    .overrideByName('Value #D', overrides({ name: 'Documents', unit: 'locale' }))
    .overrideByName(
      'Value #E',
      overrides({
        name: 'Failing items',
        unit: 'locale',
        coloured: true,
        steps: nonZeroSteps(colours.warn, 'transparent'),
      }),
    );
}

export function sourceHealthOverTime() {
  return timeSeriesPanel({
    title: 'Sources by health',
    description:
      'Number of enabled sources that are healthy, degraded or down. Documents already ingested from a source that is down can still be found.',
    unit: 'none',
    min: 0,
    stacked: true,
    queries: [rangeQuery(`sum by (status) (${sharedGauge(sourceHealth, { by: 'source, status' })}) > 0`, '{{status}}')],
    noValue: noSource,
  })
    .overrideByName('healthy', overrides({ colour: colours.good }))
    .overrideByName('degraded', overrides({ colour: colours.fourth }))
    .overrideByName('down', overrides({ colour: colours.bad }))
    .overrideByName('never_checked', overrides({ colour: colours.muted }));
}

export function checkDuration() {
  return timeSeriesPanel({
    title: 'Health check duration',
    description: 'Duration of the last health check per enabled source. A rising duration often precedes a failure.',
    unit: 's',
    min: 0,
    queries: [rangeQuery(sharedGauge(sourceHealthLatency, { by: 'source' }), '{{source}}')],
    noValue: 'no checks',
  });
}

export function syncedItems() {
  return timeSeriesPanel({
    title: 'Synced items by outcome',
    description:
      'Items of the last sync of all sources, including running syncs. Many removed items at once: they were deleted at the source, or its listing is broken.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(`sum by (outcome) (${sharedGauge(sourceSyncItems, { by: 'source, outcome' })})`, '{{outcome}}'),
    ],
    noValue: 'no syncs',
  })
    .overrideByName('created', overrides({ colour: colours.good }))
    .overrideByName('replaced', overrides({ colour: colours.other }))
    .overrideByName('unchanged', overrides({ colour: colours.muted }))
    .overrideByName('removed', overrides({ colour: colours.fourth, dashed: true }))
    .overrideByName('failed', overrides({ colour: colours.bad, dashed: true }));
}
