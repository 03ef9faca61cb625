/** Defines and runs the checks of the database. */
import type { Pool } from 'pg';

export type Problem = {
  /** Without user text. */
  readonly what: string;
  /** Statements for the owner, or a command, to paste. Absent: it needs a decision. */
  readonly repair?: readonly string[];
};

export type Check = {
  /** The condition that the check verifies. */
  readonly name: string;
  /** How to fix its problems. */
  readonly advice: string;
  /** Empty: the check passes. */
  readonly problems: (pool: Pool) => Promise<readonly Problem[]>;
};

export type Checked = { readonly name: string; readonly advice: string; readonly problems: readonly Problem[] };

/**
 * A check that cannot run, for example because a table is missing, fails with the reason, and the next ones continue.
 * @throws the database's error when it is unavailable
 */
export async function* runChecks(pool: Pool, checks: readonly Check[]): AsyncGenerator<Checked> {
  for (const { name, advice, problems } of checks) {
    yield await problems(pool).then(
      (found) => ({ name, advice, problems: found }),
      (error: unknown) => unchecked(name, error),
    );
  }
}

/** SQLSTATE classes of statements that the server rejected; any other error concerns the server itself. */
const rejected = /^(0A|22|23|25|42|P0|XX)/;

function unchecked(name: string, error: unknown): Checked {
  const { code, message } = error as { code?: string; message?: string };
  if (code === undefined || !rejected.test(code)) throw error;
  return {
    name,
    advice: 'fix the failed checks above first',
    problems: [{ what: `the check could not run: ${message}` }],
  };
}

/**
 * Creates a check from a statement that returns a row per problem, in a column `problem`.
 * @param repair repairs all problems; a column `repair` repairs its own
 */
export function sqlCheck(name: string, advice: string, statement: string, repair: readonly string[] = []): Check {
  return {
    name,
    advice,
    problems: async (pool) => {
      const { rows } = await pool.query<{ problem: string; repair?: string }>(statement);
      return rows.map((row) => ({
        what: row.problem,
        repair: row.repair === undefined ? repair : [row.repair, ...repair],
      }));
    },
  };
}
