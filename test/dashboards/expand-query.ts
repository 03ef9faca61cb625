/** Puts values for the variables and macros of a query, as Grafana does before it asks; see docs of the data sources. */
import type { Variable } from './walk-board.ts';

export type Shown = {
  readonly from: Date;
  readonly to: Date;
  /** Between two points of a series, in seconds. */
  readonly step: number;
  /** Behind `$__rate_interval`, in seconds. */
  readonly rate: number;
};

/** A variable's chosen values; `$__all`: everything. */
export type Chosen = Readonly<Record<string, readonly string[]>>;

/** @throws {Error} for a variable that the board does not have */
export function expandPromql(expr: string, shown: Shown, variables: readonly Variable[], chosen: Chosen = {}): string {
  const range = Math.round((shown.to.getTime() - shown.from.getTime()) / 1_000);
  const builtIn: Record<string, string> = {
    __rate_interval: `${shown.rate}s`,
    __interval: `${shown.step}s`,
    __range: `${range}s`,
    __range_s: String(range),
  };
  // A variable's name begins with no digit: `$1` is the regular expression's.
  return expr.replace(/\$\{?([a-z_]\w*)(?::\w+)?\}?/gi, (_, name: string) => {
    const known = builtIn[name];
    if (known !== undefined) return known;
    const variable = declared(name, variables);
    const values = valuesOf(variable, chosen);
    if (values === null) return variable.allValue ?? '.*';
    return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
  });
}

/**
 * @throws {Error} for a variable that the board does not have, and for what Grafana would call an unknown macro
 */
export function expandSql(sql: string, shown: Shown, variables: readonly Variable[], chosen: Chosen = {}): string {
  const named = sql.replace(/\$\{(\w+)(?::\w+)?\}|\$(?!__|\d)(\w+)/g, (_, braced?: string, bare?: string) => {
    const variable = declared(braced ?? bare ?? '', variables);
    const values = valuesOf(variable, chosen);
    if (values === null) return variable.allValue ?? "''";
    const quoted = values.map((value) => value.replaceAll("'", "''"));
    return variable.multi || variable.includeAll ? quoted.map((value) => `'${value}'`).join(',') : (quoted[0] ?? '');
  });
  const [from, to] = [shown.from.toISOString(), shown.to.toISOString()];
  const plain = named
    .replaceAll('$__interval_ms', String(shown.step * 1_000))
    .replaceAll('$__interval', `${shown.step}s`)
    .replaceAll('$__unixEpochFrom()', String(Math.floor(shown.from.getTime() / 1_000)))
    .replaceAll('$__unixEpochTo()', String(Math.floor(shown.to.getTime() / 1_000)));
  // Arguments end at the first closing parenthesis, as Grafana's own expression has it.
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
  if (count === undefined) throw new Error(`${span} is no length of time for a macro`);
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[unit] ?? 0);
  return `floor(extract(epoch from ${column})/${seconds})*${seconds}`;
}

function declared(name: string, variables: readonly Variable[]): Variable {
  const variable = variables.find((each) => each.name === name);
  if (variable === undefined) throw new Error(`the board has no variable ${name}`);
  return variable;
}

/** Null: all. */
function valuesOf({ name, current }: Variable, chosen: Chosen): readonly string[] | null {
  const values = chosen[name] ?? [current?.value ?? '$__all'].flat().map(String);
  return values.includes('$__all') ? null : values;
}
