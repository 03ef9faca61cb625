/** Durations of operational rules, scaled like those of the objectives. */
import { formatDuration, parseDuration } from '../../services/slo/duration.ts';

export type ScaledDurations = {
  /** In PromQL format: `5m` → `5s` at a scale of 1/60. */
  readonly duration: (text: string) => string;
  /** Seconds. */
  readonly seconds: (text: string) => number;
};

export function scaledDurations(scale: number): ScaledDurations {
  const seconds = (text: string) => parseDuration(text) * scale;
  return { seconds, duration: (text) => (text === '0s' ? text : formatDuration(seconds(text))) };
}
