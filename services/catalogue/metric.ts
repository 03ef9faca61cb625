/** Catalogue entry of a metric. */

/** The values of a label. `open`: not known in advance; the code that sets the label keeps their number small. */
type LabelValues = readonly string[] | 'open';

export type Metric = {
  /** The name in Prometheus. A histogram's series add `_bucket`, `_sum` and `_count`. */
  readonly name: string;
  /** The OpenTelemetry instrument that the exporter turns into `name`. Absent if both are the same. */
  readonly instrument?: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** UCUM, as in OpenTelemetry: `s`, `{answer}`. Empty without a unit. */
  readonly unit: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram's buckets, in its unit, ascending, without +Inf. */
  readonly bounds?: readonly number[];
};
