/** Replaces variables and macros of a query as Grafana does; see the documentation of the data sources. */
import type { Variable } from './dashboard-json.ts';

export type TimeRange = {
  readonly from: Date;
  readonly to: Date;
  /** Seconds between two points of a series. */
  readonly step: number;
  /** Seconds of `$__rate_interval`. */
  readonly rate: number;
};

/** A variable's selected values; `$__all`: everything. */
export type Selected = Readonly<Record<string, readonly string[]>>;

/** @throws {Error} for an unknown variable */
export function expandPromql(
  expr: string,
  range: TimeRange,
  variables: readonly Variable[],
  selected: Selected = {},
): string {
  const seconds = Math.round((range.to.getTime() - range.from.getTime()) / 1_000);
  const builtIn: Record<string, string> = {
    __rate_interval: `${range.rate}s`,
    __interval: `${range.step}s`,
    __range: `${seconds}s`,
    __range_s: String(seconds),
  };
  // Variable names do not begin with a digit: `$1` belongs to a regular expression.
  return expr.replace(/\$\{?([a-z_]\w*)(?::\w+)?\}?/gi, (_, name: string) => {
    const known = builtIn[name];
    if (known !== undefined) return known;
    const variable = declared(name, variables);
    const values = valuesOf(variable, selected);
    if (values === null) return variable.allValue ?? '.*';
    return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
  });
}

/** @throws {Error} for an unknown variable or macro */
export function expandSql(
  sql: string,
  range: TimeRange,
  variables: readonly Variable[],
  selected: Selected = {},
): string {
  const named = sql.replace(/\$\{(\w+)(?::\w+)?\}|\$(?!__|\d)(\w+)/g, (_, braced?: string, bare?: string) => {
    const variable = declared(braced ?? bare ?? '', variables);
    const values = valuesOf(variable, selected);
    if (values === null) return variable.allValue ?? "''";
    const quoted = values.map((value) => value.replaceAll("'", "''"));
    return variable.multi || variable.includeAll ? quoted.map((value) => `'${value}'`).join(',') : (quoted[0] ?? '');
  });
  const [from, to] = [range.from.toISOString(), range.to.toISOString()];
  const plain = named
    .replaceAll('$__interval_ms', String(range.step * 1_000))
    .replaceAll('$__interval', `${range.step}s`)
    .replaceAll('$__unixEpochFrom()', String(Math.floor(range.from.getTime() / 1_000)))
    .replaceAll('$__unixEpochTo()', String(Math.floor(range.to.getTime() / 1_000)));
  // Arguments end at the first closing parenthesis, as in Grafana's own regular expression.
  return plain.replace(/\$([_a-zA-Z0-9]+)\(([^)]*)\)/g, (_, name: string, inside: string) => {
    const args = inside.split(',').map((each) => each.trim());
    const [column = ''] = args;
    switch (name) {
      case '__time':
        return `${column} AS "time"`;
      case '__timeFilter':
        return `${column} BETWEEN '${from}' AND '${to}'`;
      case '__timeFrom':
        return `'${from}'`;
      case '__timeTo':
        return `'${to}'`;
      case '__timeGroup':
        return group(column, args[1] ?? '');
      case '__timeGroupAlias':
        return `${group(column, args[1] ?? '')} AS "time"`;
      default:
        throw new Error(`unknown macro $${name}`);
    }
  });
}

function group(column: string, span: string): string {
  const [, count, unit = ''] = /^'?(\d+)(s|m|h|d)'?$/.exec(span) ?? [];
  if (count === undefined) throw new Error(`invalid interval of a macro: ${span}`);
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[unit] ?? 0);
  return `floor(extract(epoch from ${column})/${seconds})*${seconds}`;
}

function declared(name: string, variables: readonly Variable[]): Variable {
  const variable = variables.find((each) => each.name === name);
  if (variable === undefined) throw new Error(`unknown variable: ${name}`);
  return variable;
}

/** Null: all values. */
function valuesOf({ name, current }: Variable, selected: Selected): readonly string[] | null {
  const values = selected[name] ?? [current?.value ?? '$__all'].flat().map(String);
  return values.includes('$__all') ? null : values;
}
