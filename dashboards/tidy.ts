/** What is done to rows before they are shown: joined, columns chosen and ordered, the first one named. */
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import { look } from './house-style.ts';

type Panel = {
  withTransformation(config: dashboard.DataTransformerConfig): unknown;
};

/** One row for each value of a column that all queries have; shows just these columns, in this order. */
export function joined(panel: Panel, column: string, columns: readonly string[]): void {
  keep(panel, columns);
  panel.withTransformation({ id: 'joinByField', options: { byField: column, mode: 'outer' } });
  ordered(panel, columns);
}

/** Leaves out what is not named: times of instants, and labels that nobody needs. */
export function keep(panel: Panel, columns: readonly string[]): void {
  panel.withTransformation({ id: 'filterFieldsByName', options: { include: { names: [...columns] } } });
}

export function ordered(panel: Panel, columns: readonly string[]): void {
  const indexByName = Object.fromEntries(columns.map((name, index) => [name, index]));
  panel.withTransformation({
    id: 'organize',
    options: { indexByName, excludeByName: {}, includeByName: {}, renameByName: {} },
  });
}

/** Text that is a number is sorted as one. */
export function firstColumn(panel: table.PanelBuilder, column: string, style: Parameters<typeof look>[0]): void {
  panel.withTransformation({
    id: 'convertFieldType',
    options: { conversions: [{ targetField: column, destinationType: 'number' }], fields: {} },
  });
  panel.overrideByName(column, look(style));
}
