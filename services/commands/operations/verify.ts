/** `cli -- verify`: checks that the database is as the programs need it, one line per check. */
import type { Command } from 'commander';
import { connect } from '../../postgres/client/connect.ts';
import { type Checked, runChecks } from '../../postgres/verify/check.ts';
import { databaseChecks } from '../../postgres/verify/database-checks.ts';
import { migrationNames, migrationsCheck } from '../../postgres/verify/server-checks.ts';
import { printable } from '../progress.ts';

export function describeVerify(command: Command): Command {
  return command
    .description('check the schema, permissions and rows of the database; changes nothing')
    .addHelpText(
      'after',
      '\nConnect as the owner of the tables. The exit code is 1 if a check fails; each failed check prints what to do and' +
        ' statements to paste.',
    );
}

/** Some checks read all rows of a year. */
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
      // Pending migrations create what the later statements would, so those are printed only without pending
      // migrations.
      pending ||= checked.name === migrationsCheck && checked.problems.length > 0;
    }
    write(failed === 0 ? `${checks.length} checks passed\n` : `${failed} of ${checks.length} checks failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

const maxNamed = 5;

function line({ name, advice, problems }: Checked): string {
  if (problems.length === 0) return `ok      ${name}`;
  const named = problems
    .slice(0, maxNamed)
    .map(({ what }) => printable(what))
    .join('; ');
  const more = problems.length > maxNamed ? `; and ${problems.length - maxNamed} more` : '';
  return `failed  ${name}: ${named}${more}. Fix: ${advice}.`;
}

/** The statements to paste, each once. */
function statements({ problems }: Checked): string {
  const repairs = new Set(problems.flatMap((problem) => problem.repair ?? []));
  return [...repairs].map((each) => `${each.replace(/^/gm, '        ')}\n`).join('');
}
