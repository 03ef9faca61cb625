/** Lengths of time for rules about operation, scaled as those of the objectives are. */
import { secondsOf, spanOf } from '../../services/slo/span.ts';

export type Spans = {
  /** As PromQL: `5m` → `5s` at a scale of 1/60. */
  readonly span: (text: string) => string;
  /** Seconds. */
  readonly seconds: (text: string) => number;
};

export function scaledSpans(scale: number): Spans {
  const seconds = (text: string) => secondsOf(text) * scale;
  return { seconds, span: (text) => (text === '0s' ? text : spanOf(seconds(text))) };
}
