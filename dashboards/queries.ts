/** Queries of panels: PromQL, SQL and TraceQL. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as tempo from '@grafana/grafana-foundation-sdk/tempo';

/** A panel names its queries A, B, C … in order. */
export type Query = (refId: string) => Builder<Dataquery>;

/** Data sources are variables, so that a dashboard can show another server's data: `?var-prometheus=…`. */
export const dataSources = {
  prometheus: { type: 'prometheus', uid: `\${prometheus}` },
  postgres: { type: 'grafana-postgresql-datasource', uid: `\${postgres}` },
  tempo: { type: 'tempo', uid: `\${tempo}` },
} as const;

export type DataSourceName = keyof typeof dataSources;

/** PromQL over the time range shown. */
export function rangeQuery(expr: string, legend: string): Query {
  return (refId) => promql(refId, expr).legendFormat(legend).range();
}

export function rangeQueryWithExemplars(expr: string, legend: string): Query {
  return (refId) => promql(refId, expr).legendFormat(legend).range().exemplar(true);
}

/** Counts per histogram bucket, for a heatmap. */
export function heatmapQuery(expr: string): Query {
  return (refId) =>
    promql(refId, expr).legendFormat('{{le}}').range().exemplar(true).format(prometheus.PromQueryFormat.Heatmap);
}

/** PromQL at the end of the time range shown. */
export function instantQuery(expr: string, legend: string): Query {
  return (refId) => promql(refId, expr).legendFormat(legend).instant();
}

/** As `instantQuery`, with one row per series: a column per label, and the value. */
export function tableQuery(expr: string): Query {
  return (refId) => promql(refId, expr).instant().format(prometheus.PromQueryFormat.Table);
}

/** SQL on the views of schema `reporting`. Grafana replaces macros by the time range shown. */
export function sqlTable(statement: string): Query {
  return (refId) => new PostgresQuery(refId, 'table', statement);
}

/** SQL that returns a column `time`, ascending, and one column per series. */
export function sqlSeries(statement: string): Query {
  return (refId) => new PostgresQuery(refId, 'time_series', statement);
}

export function traceQuery(query: string): Query {
  return (refId) =>
    new tempo.DataqueryBuilder()
      .datasource(dataSources.tempo)
      .refId(refId)
      .queryType('traceql')
      .query(query)
      .limit(20)
      .tableType(tempo.SearchTableType.Traces);
}

function promql(refId: string, expr: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .datasource(dataSources.prometheus)
    .refId(refId)
    .expr(expr)
    .editorMode(prometheus.QueryEditorMode.Code);
}

/** The SDK has no PostgreSQL query. Only `rawSql` and `format` reach the server. */
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
      datasource: dataSources.postgres,
      format: this.format,
      editorMode: 'code',
      rawQuery: true,
      rawSql: this.statement,
      // The SDK recognises queries by this property. JSON.stringify omits functions.
      _implementsDataqueryVariant: () => {},
    };
    return query;
  }
}
