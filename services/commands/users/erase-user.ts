/** `cli -- erase-user`: erases the data recorded about a user, as DELETE /api/me does. */
import type { Command } from 'commander';
import type { Pool } from '../../postgres/client/connect.ts';
import { eraseUser } from '../../postgres/erasure/erase-user.ts';
import { count } from '../../runtime/console.ts';
import { findOneUser } from './find-user.ts';

/** The options as commander passes them. */
export type EraseFlags = { readonly withAccount?: boolean; readonly yes?: boolean };

export function describeEraseUser(command: Command): Command {
  return command
    .description('erase the data recorded about a user and print the receipt')
    .argument('<user>', 'an e-mail address or a UUID')
    .option('--with-account', "also delete the LMS's own row in users")
    .option('--yes', 'do not ask for confirmation')
    .addHelpText(
      'after',
      '\nSafe while servers are running: questions asked before the erasure are not recorded any more.',
    );
}

/**
 * @param deps.pool may erase only the user's own rows; `auditPool` looks up the user
 * @param deps.ask asks for confirmation at the terminal; null: there is no terminal
 * @returns the exit code
 * @throws {Error} for an unknown user, or without confirmation
 */
export async function runEraseUser(
  name: string,
  { withAccount = false, yes = false }: EraseFlags,
  deps: {
    pool: Pool;
    auditPool: Pool;
    now: () => Date;
    write: (text: string) => void;
    ask: ((question: string) => Promise<string>) | null;
  },
): Promise<number> {
  const { pool, auditPool, now, write, ask } = deps;
  const { id, dialogues } = await findOneUser(auditPool, name);
  if (!yes) {
    if (ask === null) throw new Error('cannot ask for confirmation without a terminal; use --yes');
    const account = withAccount ? ' and the account' : '';
    const answer = await ask(
      `Erase ${count(dialogues, 'question with its answer', 'questions with their answers')} of user ${id}${account}? Type yes: `,
    );
    if (answer.trim().toLowerCase() !== 'yes') throw new Error('nothing was erased');
  }
  const receipt = await eraseUser(pool, { userId: id, account: withAccount, now });
  if (receipt === 'account_in_use') {
    throw new Error('other LMS tables reference this account; nothing was erased. Retry without --with-account');
  }
  write(`${JSON.stringify(receipt, null, 2)}\n`);
  return 0;
}
