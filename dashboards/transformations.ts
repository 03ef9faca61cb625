/** Grafana transformations of a table: join the queries, choose and order the columns. */
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import { overrides } from './overrides.ts';

type Panel = {
  withTransformation(config: dashboard.DataTransformerConfig): unknown;
};

/** Joins all queries on one column, and keeps these columns in this order. */
export function joinBy(panel: Panel, column: string, columns: readonly string[]): void {
  keepColumns(panel, columns);
  panel.withTransformation({ id: 'joinByField', options: { byField: column, mode: 'outer' } });
  orderColumns(panel, columns);
}

export function keepColumns(panel: Panel, columns: readonly string[]): void {
  panel.withTransformation({ id: 'filterFieldsByName', options: { include: { names: [...columns] } } });
}

export function orderColumns(panel: Panel, columns: readonly string[]): void {
  const indexByName = Object.fromEntries(columns.map((name, index) => [name, index]));
  panel.withTransformation({
    id: 'organize',
    options: { indexByName, excludeByName: {}, includeByName: {}, renameByName: {} },
  });
}

/** Converts a text column to numbers, so that it sorts as numbers. */
export function numericColumn(panel: table.PanelBuilder, column: string, style: Parameters<typeof overrides>[0]): void {
  panel.withTransformation({
    id: 'convertFieldType',
    options: { conversions: [{ targetField: column, destinationType: 'number' }], fields: {} },
  });
  panel.overrideByName(column, overrides(style));
}
