/** `cli -- verify-receipts`: verifies the chain of erasure receipts, and that a user is erased. */
import type { Command } from 'commander';
import type { Pool } from '../../postgres/client/connect.ts';
import { verifyReceipts } from '../../postgres/erasure/verify-receipts.ts';
import { count } from '../../runtime/console.ts';
import { proveErased } from './prove-erased.ts';

/** The options as commander passes them. */
export type VerifyReceiptsFlags = { readonly user?: string; readonly withAccount?: boolean };

export function describeVerifyReceipts(command: Command): Command {
  return command
    .description('verify the chain of erasure receipts, and that no data is stored about a user')
    .option('--user <user>', 'e-mail address or UUID: count the data stored about this user')
    .option('--with-account', 'with --user: also count their row in users and the content they ingested')
    .addHelpText(
      'after',
      '\nThe exit code is 1 if the chain is broken (the first broken receipt is named) or data is stored about the user.',
    );
}

/** @returns the exit code. @throws {Error} for an unknown user */
export async function runVerifyReceipts(
  { user, withAccount = false }: VerifyReceiptsFlags,
  { pool, write }: { pool: Pool; write: (text: string) => void },
): Promise<number> {
  const code = user === undefined ? 0 : await proveErased(user, { pool, withAccount, write });
  const { fault, head } = await verifyReceipts(pool);
  if (fault !== null || head === null) {
    write(`broken: ${fault}\n`);
    return 1;
  }
  write(`${count(head.receipts, 'receipt')}, chain intact; it ends with ${head.hash}\n`);
  return code;
}
