/** Rules for all panels of all dashboards. */
import { expect, test } from 'vitest';
import { type DashboardJson, visiblePanels } from '../test/dashboards/dashboard-json.ts';
import { allDashboards } from './all-dashboards.ts';
import { defaultContext } from './context.ts';

const dashboards = allDashboards(defaultContext()).map((dashboard) => dashboard as unknown as DashboardJson);

/** Whether the mappings of a panel, or of one of its columns, cover missing values. */
const mapsMissingValues = (mappings: unknown) =>
  (Array.isArray(mappings) ? mappings : []).some(
    ({ type, options }) => type === 'special' && options.match === 'null+nan',
  );

test.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
  '%s: a missing value has no status colour',
  (_, dashboard) => {
    const wrong = visiblePanels(dashboard).flatMap(({ type, title, fieldConfig }) => {
      const defaults = fieldConfig?.defaults as { mappings?: unknown } | undefined;
      const columns = (fieldConfig?.overrides ?? [])
        .map(({ properties }) => Object.fromEntries(properties.map(({ id, value }) => [id, value])))
        .filter((each) => each.thresholds && JSON.stringify(each['custom.cellOptions'])?.includes('color-background'));
      return [
        ...(type === 'stat' && !mapsMissingValues(defaults?.mappings) ? [title] : []),
        ...columns.filter((each) => !mapsMissingValues(each.mappings)).map((each) => `${title}: ${each.displayName}`),
      ];
    });
    expect(wrong).toEqual([]);
  },
);
