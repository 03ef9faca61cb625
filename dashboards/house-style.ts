/** How every panel of the house looks: colours, legends, tooltips, and what is said where there is nothing to show. */
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { ObjectiveStatus, ThresholdStep } from '../services/slo/threshold-steps.ts';
import type { Query, SourceName } from './queries.ts';
import { sources } from './queries.ts';

/** After Okabe and Ito, which people who see few colours tell apart; nothing is told by colour alone. */
export const colours = {
  good: '#0072B2',
  notice: '#F0E442',
  /** Light enough that Grafana writes on it in black. */
  warn: '#F2B134',
  bad: '#D55E00',
  other: '#56B4E9',
  second: '#009E73',
  third: '#CC79A7',
  fourth: '#E69F00',
  quiet: '#8E8E8E',
} as const;

export const standingColours: Readonly<Record<ObjectiveStatus, string>> = {
  met: colours.good,
  missed: colours.notice,
  warning: colours.warn,
  critical: colours.bad,
};

/** A value from which on a colour holds; null: from the bottom. Ascending. */
export type Step = { readonly value: number | null; readonly color: string };

export function stepsOf(thresholds: readonly ThresholdStep[]): readonly Step[] {
  return thresholds.map(({ from, status }) => ({ value: from, color: standingColours[status] }));
}

/** For counts of what should not be: one is already enough. */
export function anyIs(color: string, none: string = colours.good): readonly Step[] {
  return [
    { value: null, color: none },
    { value: 1, color },
  ];
}

const plain: readonly Step[] = [{ value: null, color: colours.good }];

export type PanelGiven = {
  readonly title: string;
  /** What it shows, from where, and what to do about it. */
  readonly says: string;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Where the queries go; Prometheus if nothing is said. */
  readonly source?: SourceName;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: readonly Step[];
  /** What is said where there is no data. */
  readonly empty?: string;
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly links?: readonly Link[];
};

export type Link = { readonly title: string; readonly url: string };

export const nothing = 'no traffic';
/** Sums of money, of which parts of a yen say nothing. */
export const wholeYen = { unit: 'prefix:¥', decimals: 0 } as const;

/** Of series that have no colour of their own; the SDK does not know this one of Grafana 13. */
export const safePalette = 'palette-colorblind';

/** One number a series, coloured by its steps. */
export function numbers(
  given: PanelGiven & {
    readonly quiet?: true;
    readonly named?: true;
    readonly trend?: true;
    /** Of what is said where there is no data; grey if nothing is said, as it is neither good nor bad. */
    readonly emptyColour?: string;
  },
) {
  const { quiet, named, trend, emptyColour = colours.quiet } = given;
  const panel = new stat.PanelBuilder()
    .graphMode(trend ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .colorMode(quiet ? common.BigValueColorMode.None : common.BigValueColorMode.BackgroundSolid)
    .textMode(named ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .justifyMode(common.BigValueJustifyMode.Center)
    .wideLayout(false)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  if (named) panel.text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(26));
  // On the number itself: beside the title they would leave it no room on a small screen.
  panel.dataLinks(linkBuilders(given.links ?? []));
  return common_(panel, {
    ...given,
    links: [],
    mappings: [...(given.mappings ?? []), absent(given.empty ?? nothing, emptyColour)],
  });
}

/** Series over time; gaps stay gaps. */
export function graph(
  given: PanelGiven & {
    /** Draws the steps as dashed lines. */
    readonly showSteps?: true;
    readonly stacked?: true;
    readonly bars?: true;
    /** Shows the legend as a table of these. */
    readonly calcs?: readonly string[];
    readonly softMax?: number;
    readonly softMin?: number;
    readonly log?: true;
  },
) {
  const { showSteps, stacked, bars, calcs, softMax, softMin, log } = given;
  const panel = new timeseries.PanelBuilder()
    .drawStyle(bars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    // A line on top of a stack would paint what is zero over what is not.
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
        .displayMode(calcs ? common.LegendDisplayMode.Table : common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([...(calcs ?? [])]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  if (softMax !== undefined) panel.axisSoftMax(softMax);
  if (softMin !== undefined) panel.axisSoftMin(softMin);
  if (log) {
    panel.scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));
  }
  return common_(panel, given);
}

/** Rows; its columns are described by `column` and ordered by the query or by `tidy`. */
export function grid(given: PanelGiven & { readonly sortBy?: readonly { column: string; desc: boolean }[] }) {
  const panel = new table.PanelBuilder()
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  if (given.sortBy) {
    panel.sortBy(
      given.sortBy.map(({ column, desc }) => new common.TableSortByFieldStateBuilder().displayName(column).desc(desc)),
    );
  }
  return common_(panel, given);
}

/** One bar a series, or a row. */
export function bars(given: PanelGiven & { readonly ofRows?: true; readonly namesOnTop?: true }) {
  const panel = new bargauge.PanelBuilder()
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .valueMode(common.BarGaugeValueMode.Text)
    .namePlacement(given.namesOnTop ? common.BarGaugeNamePlacement.Top : common.BarGaugeNamePlacement.Left)
    .showUnfilled(false)
    .sizing(common.BarGaugeSizing.Manual)
    .minVizHeight(12)
    .maxVizHeight(34)
    // Else a single bar has letters as tall as the panel, and loses its name.
    .text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(16))
    .reduceOptions(
      new common.ReduceDataOptionsBuilder()
        .calcs(['lastNotNull'])
        .fields('')
        .values(given.ofRows === true),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  // Else the shortest bar has no length, whatever it stands for.
  return common_(panel, { min: 0, ...given });
}

/** Counts by bucket over time, with traces as examples. */
export function heat(given: PanelGiven) {
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
    .yAxis(new heatmap.YAxisConfigBuilder().unit(given.unit).axisPlacement(common.AxisPlacement.Left))
    .cellGap(1)
    .showLegend();
  return common_(panel, given);
}

/** A few words in Markdown. */
export function words(markdown: string) {
  return new text.PanelBuilder().mode(text.TextMode.Markdown).content(markdown).transparent(true);
}

/** What an override says of one column or series. */
export function look(given: {
  readonly name?: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  readonly steps?: readonly Step[];
  /** Colours the cell by its steps or mappings. */
  readonly painted?: true;
  /** May become narrower than Grafana lets a column be: there are many. */
  readonly narrow?: true;
  readonly colour?: string;
  readonly dashed?: true;
  readonly thin?: true;
  /** Draws a bar in the cell, from min to max. */
  readonly gauge?: readonly [min: number, max: number];
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly links?: readonly Link[];
  readonly empty?: string;
  /** A column that the query brings along and nobody reads. */
  readonly hiddenColumn?: true;
  readonly rightAxis?: true;
}): dashboard.DynamicConfigValue[] {
  const { name, unit, decimals, width, steps, painted, colour, dashed, thin, gauge, mappings, links, empty, narrow } =
    given;
  const all: [string, unknown][] = [
    ['displayName', name],
    ['unit', unit],
    ['decimals', decimals],
    ['custom.width', width],
    ['thresholds', steps && { mode: 'absolute', steps }],
    ['custom.cellOptions', painted && { type: 'color-background', mode: 'basic' }],
    ['color', colour && { mode: 'fixed', fixedColor: colour }],
    ['custom.lineStyle', dashed && { fill: 'dash', dash: [10, 8] }],
    ['custom.lineWidth', thin && 1],
    ['min', gauge?.[0]],
    ['max', gauge?.[1]],
    ['custom.cellOptions', gauge && { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' }],
    ['custom.minWidth', narrow && 60],
    ['mappings', painted && steps ? [...(mappings ?? []), absent(empty ?? '–', 'transparent')] : mappings],
    ['links', links?.map(({ title, url }) => ({ title, url, targetBlank: false }))],
    ['noValue', empty],
    ['custom.hidden', given.hiddenColumn],
    ['custom.axisPlacement', given.rightAxis && 'right'],
  ];
  return all.filter(([, value]) => value !== undefined).map(([id, value]) => ({ id, value }));
}

/** Numbers or words shown as other words, with a colour where one is given. */
export function called(
  words: Readonly<Record<string, readonly [text: string, colour?: string]>>,
): dashboard.ValueMapping {
  const options = Object.fromEntries(
    Object.entries(words).map(([value, [text, color]], index) => [value, { text, index, ...(color && { color }) }]),
  );
  return { type: dashboard.MappingType.ValueToText, options };
}

/** What is missing is neither good nor bad: without this it has the colour of the lowest step. */
function absent(text: string, color: string): dashboard.ValueMapping {
  return {
    type: dashboard.MappingType.SpecialValue,
    options: { match: dashboard.SpecialValueMatch.NullAndNan, result: { text, color, index: 99 } },
  };
}

type Common = {
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

function common_<Panel extends Common>(panel: Panel, given: PanelGiven): Panel {
  const { title, says, unit, queries, source = 'prometheus', steps = plain, empty = nothing, links = [] } = given;
  panel.title(title);
  panel.description(says);
  panel.datasource(sources[source]);
  panel.unit(unit);
  panel.noValue(empty);
  panel.thresholds(new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([...steps]));
  queries.forEach((query, index) => {
    panel.withTarget(query(String.fromCharCode(65 + index)));
  });
  if (given.decimals !== undefined) panel.decimals(given.decimals);
  if (given.min !== undefined) panel.min(given.min);
  if (given.max !== undefined) panel.max(given.max);
  if (given.mappings) panel.mappings([...given.mappings]);
  panel.links(linkBuilders(links));
  return panel;
}

function linkBuilders(links: readonly Link[]): dashboard.DashboardLinkBuilder[] {
  return links.map(({ title, url }) =>
    new dashboard.DashboardLinkBuilder(title).type(dashboard.DashboardLinkType.Link).url(url),
  );
}
