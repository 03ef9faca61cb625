/** Lengths of time for rules about operation, scaled as those of the objectives are. */
import { formatDuration, parseDuration } from '../../services/slo/duration.ts';

export type ScaledDurations = {
  /** As PromQL: `5m` → `5s` at a scale of 1/60. */
  readonly duration: (text: string) => string;
  /** Seconds. */
  readonly seconds: (text: string) => number;
};

export function scaledDurations(scale: number): ScaledDurations {
  const seconds = (text: string) => parseDuration(text) * scale;
  return { seconds, duration: (text) => (text === '0s' ? text : formatDuration(seconds(text))) };
}
