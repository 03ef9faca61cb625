/** Runs a board's SQL as Grafana's role does, read-only, and tells what is refused, of the wrong shape, slow or empty. */
import pg from 'pg';
import { expandSql, type Shown } from './expand-query.ts';
import type { BoardJson, Target } from './walk-board.ts';

export type Asker = {
  /** The server's process that answers. */
  readonly pid: number;
  readonly ask: (board: BoardJson, target: Target, shown: Shown) => Promise<SqlAnswer>;
  readonly end: () => Promise<void>;
};

export type SqlAnswer = { readonly error: string } | { readonly rows: readonly object[]; readonly ms: number };

/** @param superuserUrl of a superuser, who takes the role that Grafana's login has */
export async function grafanaReader(superuserUrl: string, settings: readonly string[] = []): Promise<Asker> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'boards' });
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
    ask: (board, target, shown) => ask(client, board, target, shown),
    end: () => client.end(),
  };
}

async function ask(client: pg.Client, board: BoardJson, target: Target, shown: Shown): Promise<SqlAnswer> {
  try {
    const statement = expandSql(target.rawSql ?? '', shown, board.templating?.list ?? []);
    if (!/^\s*(?:with|select)\b/i.test(statement) || /;\s*\S/.test(statement)) {
      return { error: 'is not one statement that reads' };
    }
    const begun = performance.now();
    const { rows, fields } = await client.query(statement);
    const ms = performance.now() - begun;
    const wrong = wrongShape(
      target.format ?? '',
      fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })),
      rows,
    );
    return wrong === null ? { rows, ms } : { error: wrong };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const { builtins } = pg.types;
const times: readonly number[] = [builtins.TIMESTAMPTZ, builtins.TIMESTAMP, builtins.DATE];
/** Grafana reads a numeric as a float, a sum of bigints is numeric, and node-postgres gives text for both. */
const numbers: readonly number[] = [builtins.INT2, builtins.INT4, builtins.INT8, builtins.FLOAT4, builtins.FLOAT8];

function wrongShape(format: string, fields: { name: string; type: number }[], rows: Record<string, unknown>[]) {
  const names = fields.map(({ name }) => name);
  if (new Set(names).size !== names.length) return 'two columns have one name';
  const numeric = fields.find(({ type }) => type === builtins.NUMERIC);
  if (numeric !== undefined) return `column ${numeric.name} is numeric: cast it to float8`;
  if (format === 'table') return null;
  const time = fields.find(({ name }) => name === 'time');
  if (time === undefined || !times.includes(time.type)) return 'has no column "time" that is one';
  if (format === 'annotation') return names.includes('text') ? null : 'has no column "text"';
  const other = fields.find(({ name, type }) => name !== 'time' && !numbers.includes(type));
  if (other !== undefined) return `column ${other.name} is no number`;
  const at = rows.map((row) => Number(row.time));
  return at.some((value, index) => index > 0 && value < (at[index - 1] ?? 0)) ? 'its rows do not ascend' : null;
}

/** Whether nothing of it can be shown: no rows, or nothing in them. */
export function isEmpty(rows: readonly object[]): boolean {
  return rows.every((row) => Object.values(row).every((value) => value === null));
}
