/** Field overrides: how one column or series differs from the defaults of its panel. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Step } from './theme.ts';

export type Link = { readonly title: string; readonly url: string };

/** Sums of money, rounded to whole yen. */
export const wholeYen = { unit: 'prefix:¥', decimals: 0 } as const;

export function overrides(options: {
  readonly name?: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  readonly steps?: readonly Step[];
  /** Colours the cell by its steps or mappings. */
  readonly coloured?: true;
  /** Lets a column of a wide table shrink below Grafana's minimum width. */
  readonly narrow?: true;
  readonly colour?: string;
  readonly dashed?: true;
  readonly thin?: true;
  /** Draws a bar in the cell. */
  readonly gauge?: readonly [min: number, max: number];
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly links?: readonly Link[];
  readonly noValue?: string;
  readonly hiddenColumn?: true;
  readonly rightAxis?: true;
}): dashboard.DynamicConfigValue[] {
  const {
    name,
    unit,
    decimals,
    width,
    steps,
    coloured,
    colour,
    dashed,
    thin,
    gauge,
    mappings,
    links,
    noValue,
    narrow,
  } = options;
  const properties: [string, unknown][] = [
    ['displayName', name],
    ['unit', unit],
    ['decimals', decimals],
    ['custom.width', width],
    ['thresholds', steps && { mode: 'absolute', steps }],
    ['custom.cellOptions', coloured && { type: 'color-background', mode: 'basic' }],
    ['color', colour && { mode: 'fixed', fixedColor: colour }],
    ['custom.lineStyle', dashed && { fill: 'dash', dash: [10, 8] }],
    ['custom.lineWidth', thin && 1],
    ['min', gauge?.[0]],
    ['max', gauge?.[1]],
    ['custom.cellOptions', gauge && { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' }],
    ['custom.minWidth', narrow && 60],
    ['mappings', coloured && steps ? [...(mappings ?? []), missingValue(noValue ?? '–', 'transparent')] : mappings],
    ['links', links?.map(({ title, url }) => ({ title, url, targetBlank: false }))],
    ['noValue', noValue],
    ['custom.hidden', options.hiddenColumn],
    ['custom.axisPlacement', options.rightAxis && 'right'],
  ];
  return properties.filter(([, value]) => value !== undefined).map(([id, value]) => ({ id, value }));
}

/** Shows a text, optionally coloured, in place of a value. */
export function valueMapping(
  texts: Readonly<Record<string, readonly [text: string, colour?: string]>>,
): dashboard.ValueMapping {
  const options = Object.fromEntries(
    Object.entries(texts).map(([value, [text, color]], index) => [value, { text, index, ...(color && { color }) }]),
  );
  return { type: dashboard.MappingType.ValueToText, options };
}

/** Without this mapping, a missing value takes the colour of the lowest step, although it is neither good nor bad. */
export function missingValue(text: string, color: string): dashboard.ValueMapping {
  return {
    type: dashboard.MappingType.SpecialValue,
    options: { match: dashboard.SpecialValueMatch.NullAndNan, result: { text, color, index: 99 } },
  };
}
