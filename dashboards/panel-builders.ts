/** Panels with the defaults of all dashboards: colours, legends, tooltips, and the text shown without data. */
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { type Link, missingValue } from './overrides.ts';
import { type DataSourceName, dataSources, type Query } from './queries.ts';
import { colours, type Step, safePalette } from './theme.ts';

export type PanelOptions = {
  readonly title: string;
  /** What the panel shows and what to do when it looks bad. */
  readonly description: string;
  /** A unit id of Grafana. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Default: Prometheus. */
  readonly source?: DataSourceName;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: readonly Step[];
  /** Shown without data. Default: "no traffic". */
  readonly noValue?: string;
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly links?: readonly Link[];
};

const defaultNoValue = 'no traffic';
const defaultSteps: readonly Step[] = [{ value: null, color: colours.good }];

/** One number per series, on the colour of its step. */
export function statPanel(
  options: PanelOptions & {
    /** Without a colour: the value is neither good nor bad. */
    readonly neutral?: true;
    readonly showNames?: true;
    readonly sparkline?: true;
    /** Default: grey. */
    readonly noValueColour?: string;
  },
) {
  const { neutral, showNames, sparkline, noValueColour = colours.muted } = options;
  const panel = new stat.PanelBuilder()
    .graphMode(sparkline ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .colorMode(neutral ? common.BigValueColorMode.None : common.BigValueColorMode.BackgroundSolid)
    .textMode(showNames ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .justifyMode(common.BigValueJustifyMode.Center)
    .wideLayout(false)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  if (showNames) panel.text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(26));
  // Links open from the number: an icon beside the title would leave the title no room on a small screen.
  panel.dataLinks(linkBuilders(options.links ?? []));
  return applyDefaults(panel, {
    ...options,
    links: [],
    mappings: [...(options.mappings ?? []), missingValue(options.noValue ?? defaultNoValue, noValueColour)],
  });
}

/** Series over time. Gaps in the data stay gaps. */
export function timeSeriesPanel(
  options: PanelOptions & {
    /** Draws the steps as dashed lines. */
    readonly showSteps?: true;
    readonly stacked?: true;
    readonly bars?: true;
    readonly softMax?: number;
    readonly softMin?: number;
    readonly log?: true;
  },
) {
  const { showSteps, stacked, bars, softMax, softMin, log } = options;
  const panel = new timeseries.PanelBuilder()
    .drawStyle(bars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    // A line on top of a stack would paint zero values over the others.
    .lineWidth(bars ? 1 : stacked ? 0 : 2)
    .fillOpacity(bars || stacked ? 70 : 0)
    .spanNulls(false)
    .showPoints(bars ? common.VisibilityMode.Never : common.VisibilityMode.Auto)
    .pointSize(4)
    .stacking(
      new common.StackingConfigBuilder()
        .group('A')
        .mode(stacked ? common.StackingMode.Normal : common.StackingMode.None),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(safePalette as dashboard.FieldColorModeId))
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        showSteps ? common.GraphThresholdsStyleMode.Dashed : common.GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  if (softMax !== undefined) panel.axisSoftMax(softMax);
  if (softMin !== undefined) panel.axisSoftMin(softMin);
  if (log) {
    panel.scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));
  }
  return applyDefaults(panel, options);
}

/** A table; `transformations.ts` orders its columns and `overrides.ts` formats them. */
export function tablePanel(options: PanelOptions & { readonly sortBy?: readonly { column: string; desc: boolean }[] }) {
  const panel = new table.PanelBuilder()
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  if (options.sortBy) {
    panel.sortBy(
      options.sortBy.map(({ column, desc }) =>
        new common.TableSortByFieldStateBuilder().displayName(column).desc(desc),
      ),
    );
  }
  return applyDefaults(panel, options);
}

/** One bar per series, or per row of a table. */
export function barGaugePanel(options: PanelOptions & { readonly barPerRow?: true; readonly namesOnTop?: true }) {
  const panel = new bargauge.PanelBuilder()
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .valueMode(common.BarGaugeValueMode.Text)
    .namePlacement(options.namesOnTop ? common.BarGaugeNamePlacement.Top : common.BarGaugeNamePlacement.Left)
    .showUnfilled(false)
    .sizing(common.BarGaugeSizing.Manual)
    .minVizHeight(12)
    .maxVizHeight(34)
    // Otherwise a single bar has letters as tall as the panel and loses its name.
    .text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(16))
    .reduceOptions(
      new common.ReduceDataOptionsBuilder()
        .calcs(['lastNotNull'])
        .fields('')
        .values(options.barPerRow === true),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  // Without a minimum, the shortest bar has no length, whatever its value.
  return applyDefaults(panel, { min: 0, ...options });
}

/** Counts per bucket over time, with exemplar traces. */
export function heatmapPanel(options: PanelOptions) {
  const panel = new heatmap.PanelBuilder()
    .calculate(false)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Cividis')
        .steps(64)
        .reverse(false),
    )
    .exemplarsColor(colours.bad)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(options.unit).axisPlacement(common.AxisPlacement.Left))
    .cellGap(1)
    .showLegend();
  return applyDefaults(panel, options);
}

type Configurable = {
  title(title: string): unknown;
  description(text: string): unknown;
  datasource(ref: common.DataSourceRef): unknown;
  unit(unit: string): unknown;
  withTarget(target: ReturnType<Query>): unknown;
  noValue(text: string): unknown;
  thresholds(thresholds: dashboard.ThresholdsConfigBuilder): unknown;
  decimals(count: number): unknown;
  min(value: number): unknown;
  max(value: number): unknown;
  mappings(mappings: dashboard.ValueMapping[]): unknown;
  links(links: dashboard.DashboardLinkBuilder[]): unknown;
};

function applyDefaults<Panel extends Configurable>(panel: Panel, options: PanelOptions): Panel {
  const { source = 'prometheus', steps = defaultSteps, noValue = defaultNoValue, links = [] } = options;
  panel.title(options.title);
  panel.description(options.description);
  panel.datasource(dataSources[source]);
  panel.unit(options.unit);
  panel.noValue(noValue);
  panel.thresholds(new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([...steps]));
  options.queries.forEach((query, index) => {
    panel.withTarget(query(String.fromCharCode(65 + index)));
  });
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  if (options.min !== undefined) panel.min(options.min);
  if (options.max !== undefined) panel.max(options.max);
  if (options.mappings) panel.mappings([...options.mappings]);
  panel.links(linkBuilders(links));
  return panel;
}

function linkBuilders(links: readonly Link[]): dashboard.DashboardLinkBuilder[] {
  return links.map(({ title, url }) =>
    new dashboard.DashboardLinkBuilder(title).type(dashboard.DashboardLinkType.Link).url(url),
  );
}
