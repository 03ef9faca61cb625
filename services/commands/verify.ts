/** `cli -- verify`: holds the database against what the programs rely on, one line a check. */
import type { Command } from 'commander';
import { connect } from '../postgres/client/connect.ts';
import { type Checked, runChecks } from '../postgres/verify/check.ts';
import { databaseChecks } from '../postgres/verify/database-checks.ts';
import { migrationNames } from '../postgres/verify/migration-names.ts';
import { migrationsCheck } from '../postgres/verify/server-checks.ts';
import { printable } from './show-progress.ts';

export function describeVerify(command: Command): Command {
  return command
    .description('check that tables, indexes, keys, rights and rows are as the programs need them; changes nothing')
    .addHelpText(
      'after',
      '\nConnect as the owner of the tables. The exit code is 1 if a check fails; its line says what to do,' +
        ' and statements that can be pasted follow it.',
    );
}

/** A year of rows is read whole by some checks. */
const statementTimeoutMs = 3_600_000;

/** @returns the exit code */
export async function runVerify(url: string, { write }: { write: (text: string) => void }): Promise<number> {
  const pool = connect(url, { name: 'rag-verify', statementTimeoutMs });
  try {
    const checks = await databaseChecks(pool, await migrationNames());
    let failed = 0;
    let pending = false;
    for await (const checked of runChecks(pool, checks)) {
      if (checked.problems.length > 0) failed += 1;
      write(`${line(checked)}\n`);
      if (!pending) write(statements(checked));
      // Migrations that did not run would do what statements for each lacking part do; those are told once they have.
      pending ||= checked.name === migrationsCheck && checked.problems.length > 0;
    }
    write(failed === 0 ? `${checks.length} checks, all ok\n` : `${failed} of ${checks.length} checks failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

const mostNamed = 5;

function line({ name, advice, problems }: Checked): string {
  if (problems.length === 0) return `ok      ${name}`;
  const named = problems
    .slice(0, mostNamed)
    .map(({ what }) => printable(what))
    .join('; ');
  const more = problems.length > mostNamed ? `; and ${problems.length - mostNamed} more` : '';
  return `failed  ${name}: ${named}${more}. What to do: ${advice}.`;
}

/** To be pasted, each once. */
function statements({ problems }: Checked): string {
  const mend = new Set(problems.flatMap((problem) => problem.mend ?? []));
  return [...mend].map((each) => `${each.replace(/^/gm, '        ')}\n`).join('');
}
