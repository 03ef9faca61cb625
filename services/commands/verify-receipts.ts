/** `cli -- verify-receipts`: tells whether a receipt was altered, added or removed, and whether a user is gone. */
import type { Command } from 'commander';
import type { Pool } from '../postgres/client/connect.ts';
import { verifyReceipts } from '../postgres/erasure/verify-receipts.ts';
import { count } from '../runtime/console.ts';
import { proveGone } from './prove-gone.ts';

/** As commander hands them over. */
export type VerifyReceiptsFlags = { readonly user?: string; readonly withAccount?: boolean };

export function describeVerifyReceipts(command: Command): Command {
  return command
    .description('check the chain of receipts that erasures leave, and that nothing is held about a user')
    .option('--user <user>', 'an e-mail address or a UUID: count what is held about them')
    .option('--with-account', 'with --user: their row in users counts too, and that they took content in')
    .addHelpText(
      'after',
      '\nThe exit code is 1 if the chain is broken (the first receipt that breaks it is named) or anything is held.',
    );
}

/** @returns the exit code. @throws {Error} for a user of whom nothing can be said */
export async function runVerifyReceipts(
  { user, withAccount = false }: VerifyReceiptsFlags,
  { pool, write }: { pool: Pool; write: (text: string) => void },
): Promise<number> {
  const held = user === undefined ? 0 : await proveGone(user, { pool, withAccount, write });
  const { fault, head } = await verifyReceipts(pool);
  if (fault !== null || head === null) {
    write(`broken: ${fault}\n`);
    return 1;
  }
  write(`${count(head.receipts, 'receipt')}, unbroken; the chain ends with ${head.hash}\n`);
  return held;
}
