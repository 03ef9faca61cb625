/** `cli -- migrate`: brings the tables to this version, or takes them back. */
import type { Command } from 'commander';
import { migrate } from '../postgres/migrations/migrate.ts';

/** As commander hands them over. */
export type MigrateFlags = { readonly down?: string; readonly oneTransaction?: boolean };

export function describeMigrate(command: Command): Command {
  return command
    .description("bring the database's tables to this version; every other command and the start do it too")
    .option('--one-transaction', 'all or nothing: for a database without dialogues')
    .option('--down <count>', 'take that many migrations back, the newest first; "all" leaves the LMS its own')
    .addHelpText('after', '\nWhat each migration locks, and what a way back loses: docs/migration-guide.md.');
}

/**
 * @returns the exit code
 * @throws {Error} for options that cannot be used; {MigrationError}
 */
export async function runMigrate(
  url: string,
  { down, oneTransaction = false }: MigrateFlags,
  given: { readonly write: (text: string) => void; readonly say: (line: string) => void },
): Promise<number> {
  const back = down === undefined ? {} : { direction: 'down' as const, count: countOf(down) };
  const ran = await migrate(url, { ...back, together: oneTransaction, say: given.say });
  for (const name of ran) given.write(`${down === undefined ? 'up' : 'down'} ${name}\n`);
  if (ran.length === 0) given.write('nothing to do\n');
  return 0;
}

function countOf(down: string): number {
  if (down === 'all') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,3}$/.test(down)) return Number(down);
  throw new Error('--down takes how many migrations, or "all"');
}
