/** What the catalogue says about one metric. */

/** The values a label can take; `open` where they are not known beforehand (the code that sets it keeps their number small). */
type LabelValues = readonly string[] | 'open';

export type Metric = {
  /** As Grafana and the rules spell it; a histogram's series add `_bucket`, `_sum` and `_count`. */
  readonly name: string;
  /** The OpenTelemetry instrument that the exporter turns into `name`; absent where both are the same. */
  readonly instrument?: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** UCUM, as OpenTelemetry wants it: `s`, `{answer}`; empty where the number has no unit. */
  readonly unit: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram's buckets, in its unit, ascending, without +Inf. */
  readonly bounds?: readonly number[];
};
