/** Links into Grafana's Explore: a trace, the log lines of a trace, or a row, at the time that is shown. */
import { sources } from './queries.ts';

type Pane = { readonly type: string; readonly uid: string };

/** `${…}` in what is asked is filled in by Grafana when somebody clicks. */
export const explore = {
  trace: (id: string) => link(sources.tempo, { queryType: 'traceql', query: id }),
  tempo: (query: string) => link(sources.tempo, { queryType: 'traceql', query }),
  row: (statement: string) =>
    link(sources.postgres, { format: 'table', editorMode: 'code', rawQuery: true, rawSql: statement }),
  logs: (query: string) => link({ type: 'loki', uid: 'loki' }, { expr: query, queryType: 'range' }),
} as const;

function link(source: Pane, query: object): string {
  const pane = {
    datasource: source.uid,
    queries: [{ refId: 'A', datasource: source, ...query }],
    range: { from: `\${__from}`, to: `\${__to}` },
  };
  // Variables stay as they are, for Grafana to fill in; the rest is encoded.
  const encoded = encodeURIComponent(JSON.stringify({ a: pane })).replace(/%24%7B(.*?)%7D/g, (whole) =>
    decodeURIComponent(whole),
  );
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded}`;
}
