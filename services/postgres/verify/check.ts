/** What a check of the database is, and how checks are run one after the other. */
import type { Pool } from 'pg';

/** One thing that is wrong. */
export type Problem = {
  /** Without text of users. */
  readonly what: string;
  /** What mends it, to be pasted: statements for the owner, or a command. None: it takes a person's judgement. */
  readonly mend?: readonly string[];
};

export type Check = {
  /** What holds where nothing is wrong. */
  readonly name: string;
  /** What to do about its problems. */
  readonly advice: string;
  /** None where it holds. */
  readonly problems: (pool: Pool) => Promise<readonly Problem[]>;
};

export type Checked = { readonly name: string; readonly advice: string; readonly problems: readonly Problem[] };

/**
 * A check that cannot be made, because a table is missing for example, has failed and tells why; the next ones go on.
 * @throws what the database throws when it is away
 */
export async function* runChecks(pool: Pool, checks: readonly Check[]): AsyncGenerator<Checked> {
  for (const { name, advice, problems } of checks) {
    yield await problems(pool).then(
      (found) => ({ name, advice, problems: found }),
      (error: unknown) => unchecked(name, error),
    );
  }
}

/** SQLSTATE classes of statements that the server understood and refused; anything else is trouble with the server. */
const refused = /^(0A|22|23|25|42|P0|XX)/;

function unchecked(name: string, error: unknown): Checked {
  const { code, message } = error as { code?: string; message?: string };
  if (code === undefined || !refused.test(code)) throw error;
  return { name, advice: 'correct what failed above first', problems: [{ what: `could not be checked: ${message}` }] };
}

/**
 * A check that is one statement: its rows, in a column `problem`, are what is wrong.
 * @param mend mends all of them; a column `mend` mends the one
 */
export function sqlCheck(name: string, advice: string, statement: string, mend: readonly string[] = []): Check {
  return {
    name,
    advice,
    problems: async (pool) => {
      const { rows } = await pool.query<{ problem: string; mend?: string }>(statement);
      return rows.map((row) => ({ what: row.problem, mend: row.mend === undefined ? mend : [row.mend, ...mend] }));
    },
  };
}
