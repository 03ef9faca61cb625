/** Runs the SQL of a dashboard read-only with Grafana's role, and checks the shape of the result. */
import pg from 'pg';
import type { DashboardJson, Target } from './dashboard-json.ts';
import { expandSql, type TimeRange } from './expand-query.ts';

export type GrafanaConnection = {
  /** The process id of the server's backend. */
  readonly pid: number;
  readonly query: (dashboard: DashboardJson, target: Target, range: TimeRange) => Promise<SqlResult>;
  readonly end: () => Promise<void>;
};

export type SqlResult = { readonly error: string } | { readonly rows: readonly object[]; readonly ms: number };

/** @param superuserUrl the URL of a superuser, which assumes the role of Grafana's login */
export async function connectAsGrafana(
  superuserUrl: string,
  settings: readonly string[] = [],
): Promise<GrafanaConnection> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'dashboards' });
  await client.connect();
  for (const setting of [
    'set role grafana_reader',
    'set default_transaction_read_only = on',
    "set statement_timeout = '15s'",
    'set search_path = reporting',
    ...settings,
  ]) {
    await client.query(setting);
  }
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return {
    pid: rows[0]?.pid ?? 0,
    query: (dashboard, target, range) => query(client, dashboard, target, range),
    end: () => client.end(),
  };
}

async function query(
  client: pg.Client,
  dashboard: DashboardJson,
  target: Target,
  range: TimeRange,
): Promise<SqlResult> {
  try {
    const statement = expandSql(target.rawSql ?? '', range, dashboard.templating?.list ?? []);
    if (!/^\s*(?:with|select)\b/i.test(statement) || /;\s*\S/.test(statement)) {
      return { error: 'is not a single read-only statement' };
    }
    const startedAt = performance.now();
    const { rows, fields } = await client.query(statement);
    const ms = performance.now() - startedAt;
    const error = shapeError(
      target.format ?? '',
      fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })),
      rows,
    );
    return error === null ? { rows, ms } : { error };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const { builtins } = pg.types;
const times: readonly number[] = [builtins.TIMESTAMPTZ, builtins.TIMESTAMP, builtins.DATE];
/** Not numeric: Grafana reads it as a float, but node-postgres returns text. A sum of bigints is numeric as well. */
const numbers: readonly number[] = [builtins.INT2, builtins.INT4, builtins.INT8, builtins.FLOAT4, builtins.FLOAT8];

function shapeError(format: string, fields: { name: string; type: number }[], rows: Record<string, unknown>[]) {
  const names = fields.map(({ name }) => name);
  if (new Set(names).size !== names.length) return 'two columns have the same name';
  const numeric = fields.find(({ type }) => type === builtins.NUMERIC);
  if (numeric !== undefined) return `column ${numeric.name} is numeric: cast it to float8`;
  if (format === 'table') return null;
  const time = fields.find(({ name }) => name === 'time');
  if (time === undefined || !times.includes(time.type)) return 'has no column "time" with a time type';
  if (format === 'annotation') return names.includes('text') ? null : 'has no column "text"';
  const other = fields.find(({ name, type }) => name !== 'time' && !numbers.includes(type));
  if (other !== undefined) return `column ${other.name} is not a number`;
  const instants = rows.map((row) => Number(row.time));
  return instants.some((value, index) => index > 0 && value < (instants[index - 1] ?? 0))
    ? 'rows are not in ascending order of time'
    : null;
}

/** No rows, or only nulls in them. */
export function isEmpty(rows: readonly object[]): boolean {
  return rows.every((row) => Object.values(row).every((value) => value === null));
}
