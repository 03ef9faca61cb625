/** `cli -- migrate`: migrates the database up to this version, or down. */
import type { Command } from 'commander';
import { migrate } from '../../postgres/migrations/migrate.ts';

/** The options as commander passes them. */
export type MigrateFlags = { readonly down?: string; readonly oneTransaction?: boolean };

export function describeMigrate(command: Command): Command {
  return command
    .description('migrate the database to this version (npm start and the other commands do this too)')
    .option('--one-transaction', 'run all migrations in one transaction (for a database without dialogues)')
    .option('--down <count>', 'revert this many migrations, newest first; "all" leaves only the tables of the LMS')
    .addHelpText(
      'after',
      '\ndocs/migration-guide.md lists what each migration locks, and which data is lost by reverting it.',
    );
}

/**
 * @returns the exit code
 * @throws {Error} for invalid options; {MigrationError}
 */
export async function runMigrate(
  url: string,
  { down, oneTransaction = false }: MigrateFlags,
  { write, print }: { readonly write: (text: string) => void; readonly print: (line: string) => void },
): Promise<number> {
  const options = down === undefined ? {} : { direction: 'down' as const, count: countOf(down) };
  const ran = await migrate(url, { ...options, together: oneTransaction, print });
  for (const name of ran) write(`${down === undefined ? 'up' : 'down'} ${name}\n`);
  if (ran.length === 0) write('nothing to do\n');
  return 0;
}

function countOf(down: string): number {
  if (down === 'all') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,3}$/.test(down)) return Number(down);
  throw new Error('--down: must be a number of migrations, or "all"');
}
