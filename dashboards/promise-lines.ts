/** The numbers of a promise as lines on a graph, each with the colour of what begins beyond it, whichever side that is. */
import type { ObjectiveStatus, ThresholdStep } from '../services/slo/threshold-steps.ts';
import { colours, type Step } from './house-style.ts';

/** Worse and worse. The promise is grey: yellow cannot be seen on white. */
const worse: readonly ObjectiveStatus[] = ['met', 'missed', 'warning', 'critical'];
const beyond: Readonly<Record<ObjectiveStatus, string>> = {
  met: 'transparent',
  missed: colours.quiet,
  warning: colours.fourth,
  critical: colours.bad,
};

/** For a graph that shows its steps: Grafana draws a line in the colour of the step that begins there. */
export function linesOf(thresholds: readonly ThresholdStep[]): readonly Step[] {
  return thresholds.map(({ from, status }, index) => {
    const below = thresholds[index - 1]?.status ?? status;
    return { value: from, color: beyond[worse.indexOf(below) > worse.indexOf(status) ? below : status] };
  });
}
