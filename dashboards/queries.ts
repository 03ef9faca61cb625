/** The targets of panels: PromQL, SQL and TraceQL, each for one data source of the stack. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as tempo from '@grafana/grafana-foundation-sdk/tempo';

/** A panel names its targets A, B, C … in the order in which they are given. */
export type Query = (refId: string) => Builder<Dataquery>;

/** By variable, so that a board can be looked at with another server's data: `?var-prometheus=…`. */
export const sources = {
  prometheus: { type: 'prometheus', uid: `\${prometheus}` },
  postgres: { type: 'grafana-postgresql-datasource', uid: `\${postgres}` },
  tempo: { type: 'tempo', uid: `\${tempo}` },
  mixed: { type: 'datasource', uid: '-- Mixed --' },
} as const;

export type SourceName = keyof typeof sources;

/** A series over the time that is shown. */
export function over(expr: string, legend: string): Query {
  return (refId) => promql(refId, expr).legendFormat(legend).range();
}

/** The same with the traces that are examples of it. */
export function withExamples(expr: string, legend: string): Query {
  return (refId) => promql(refId, expr).legendFormat(legend).range().exemplar(true);
}

/** Counts of a histogram's buckets, for a heatmap. */
export function buckets(expr: string): Query {
  return (refId) =>
    promql(refId, expr).legendFormat('{{le}}').range().exemplar(true).format(prometheus.PromQueryFormat.Heatmap);
}

/** The value at the end of the time that is shown. */
export function now(expr: string, legend: string): Query {
  return (refId) => promql(refId, expr).legendFormat(legend).instant();
}

/** The same as rows: a column a label, and the value. */
export function rows(expr: string): Query {
  return (refId) => promql(refId, expr).instant().format(prometheus.PromQueryFormat.Table);
}

/** Rows of the views in the schema `reporting`; Grafana's macros stand for the time that is shown. */
export function sql(statement: string): Query {
  return (refId) => new PostgresQuery(refId, 'table', statement);
}

/** The same as series: a column `time`, ascending, and a column a series. */
export function sqlSeries(statement: string): Query {
  return (refId) => new PostgresQuery(refId, 'time_series', statement);
}

export function traces(query: string): Query {
  return (refId) =>
    new tempo.DataqueryBuilder()
      .datasource(sources.tempo)
      .refId(refId)
      .queryType('traceql')
      .query(query)
      .limit(20)
      .tableType(tempo.SearchTableType.Traces);
}

function promql(refId: string, expr: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .datasource(sources.prometheus)
    .refId(refId)
    .expr(expr)
    .editorMode(prometheus.QueryEditorMode.Code);
}

/** The SDK has no query for Postgres; of these fields, `rawSql` and `format` reach the server. */
class PostgresQuery implements Builder<Dataquery> {
  private readonly refId: string;
  private readonly format: 'table' | 'time_series';
  private readonly statement: string;

  constructor(refId: string, format: 'table' | 'time_series', statement: string) {
    this.refId = refId;
    this.format = format;
    this.statement = statement;
  }

  build(): Dataquery {
    const query = {
      refId: this.refId,
      datasource: sources.postgres,
      format: this.format,
      editorMode: 'code',
      rawQuery: true,
      rawSql: this.statement,
      // A function, so that it is not written: the SDK tells queries by it.
      _implementsDataqueryVariant: () => {},
    };
    return query;
  }
}
