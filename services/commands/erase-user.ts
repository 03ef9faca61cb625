/** `cli -- erase-user`: erases what is recorded about a user, as DELETE /api/me does for them. */
import type { Command } from 'commander';
import type { Pool } from '../postgres/client/connect.ts';
import { eraseUser } from '../postgres/erasure/erase-user.ts';
import { count } from '../runtime/console.ts';
import { findOneUser } from './find-one-user.ts';

/** As commander hands them over. */
export type EraseFlags = { readonly withAccount?: boolean; readonly yes?: boolean };

export function describeEraseUser(command: Command): Command {
  return command
    .description('erase what is recorded about a user; prints the receipt')
    .argument('<user>', 'an e-mail address or a UUID')
    .option('--with-account', "the LMS's own row in users goes too")
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nServers may go on running: what the user asked before is recorded nowhere any more.');
}

/**
 * @param given.pool may erase only the user's own rows; `auditPool` finds out whose those are
 * @param given.ask puts a question to the person at the terminal; null: there is none
 * @returns the exit code
 * @throws {Error} for a user who is not there, or where nobody confirmed
 */
export async function runEraseUser(
  name: string,
  { withAccount = false, yes = false }: EraseFlags,
  given: {
    pool: Pool;
    auditPool: Pool;
    now: () => Date;
    write: (text: string) => void;
    ask: ((question: string) => Promise<string>) | null;
  },
): Promise<number> {
  const { pool, auditPool, now, write, ask } = given;
  const { id, dialogues } = await findOneUser(auditPool, name);
  if (!yes) {
    if (ask === null) throw new Error('nobody is there to confirm; add --yes to erase without being asked');
    const account = withAccount ? ', and the account' : '';
    const answer = await ask(
      `Erase ${count(dialogues, 'question and its answer', 'questions and their answers')} of user ${id}${account}? Type yes: `,
    );
    if (answer.trim().toLowerCase() !== 'yes') throw new Error('nothing was erased');
  }
  const receipt = await eraseUser(pool, { userId: id, account: withAccount, now });
  if (receipt === 'account_in_use') {
    throw new Error('tables of the LMS hang on this account, so nothing was erased; leave --with-account out');
  }
  write(`${JSON.stringify(receipt, null, 2)}\n`);
  return 0;
}
