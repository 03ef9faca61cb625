/** Links into Grafana Explore for the time range shown: a trace, a trace search, or a row of PostgreSQL. */
import { dataSources } from './queries.ts';

type DataSource = { readonly type: string; readonly uid: string };

/** Grafana fills in `${…}` when the user clicks the link. */
export const exploreLinks = {
  trace: (id: string) => link(dataSources.tempo, { queryType: 'traceql', query: id }),
  traceSearch: (query: string) => link(dataSources.tempo, { queryType: 'traceql', query }),
  row: (statement: string) =>
    link(dataSources.postgres, { format: 'table', editorMode: 'code', rawQuery: true, rawSql: statement }),
} as const;

function link(source: DataSource, query: object): string {
  const pane = {
    datasource: source.uid,
    queries: [{ refId: 'A', datasource: source, ...query }],
    range: { from: `\${__from}`, to: `\${__to}` },
  };
  // Encodes everything except the variables, which Grafana has to find.
  const encoded = encodeURIComponent(JSON.stringify({ a: pane })).replace(/%24%7B(.*?)%7D/g, (whole) =>
    decodeURIComponent(whole),
  );
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded}`;
}
