/** Colours and threshold steps: the same status has the same colour in every panel. */
import type { ObjectiveStatus, ThresholdStep } from '../services/slo/threshold-steps.ts';

/**
 * The Okabe-Ito palette, which colour-blind people can distinguish, with a darker red: vermilion looks like a warning.
 * A word or a number accompanies each colour.
 */
export const colours = {
  good: '#0072B2',
  notice: '#F0E442',
  /** Light enough for Grafana to write on it in black. */
  warn: '#F2B134',
  bad: '#C4162A',
  other: '#56B4E9',
  second: '#009E73',
  third: '#CC79A7',
  fourth: '#E69F00',
  muted: '#8E8E8E',
} as const;

/** For series without a colour of their own. The SDK does not know this palette of Grafana 13. */
export const safePalette = 'palette-colorblind';

export const statusColours: Readonly<Record<ObjectiveStatus, string>> = {
  met: colours.good,
  breached: colours.notice,
  warning: colours.warn,
  critical: colours.bad,
};

/** The colour from `value` upwards; null: from the bottom. Steps ascend. */
export type Step = { readonly value: number | null; readonly color: string };

/** Colours a value by its status. */
export function statusSteps(thresholds: readonly ThresholdStep[]): readonly Step[] {
  return thresholds.map(({ from, status }) => ({ value: from, color: statusColours[status] }));
}

/** For counts that should be zero. */
export function nonZeroSteps(color: string, zero: string = colours.good): readonly Step[] {
  return [
    { value: null, color: zero },
    { value: 1, color },
  ];
}

/** From the best status to the worst. The target's line is grey: yellow is invisible on white. */
const severity: readonly ObjectiveStatus[] = ['met', 'breached', 'warning', 'critical'];
const lineColours: Readonly<Record<ObjectiveStatus, string>> = {
  met: 'transparent',
  breached: colours.muted,
  warning: colours.fourth,
  critical: colours.bad,
};

/**
 * Draws target, warning and critical as lines on a graph with `showSteps`. Grafana draws a line in the colour of the step
 * that begins there, so each line takes the worse status of its two sides.
 */
export function targetLines(thresholds: readonly ThresholdStep[]): readonly Step[] {
  return thresholds.map(({ from, status }, index) => {
    const below = thresholds[index - 1]?.status ?? status;
    return { value: from, color: lineColours[severity.indexOf(below) > severity.indexOf(status) ? below : status] };
  });
}
