/** `cli -- verify-receipts`: tells whether a receipt of an erasure was altered, added or removed. */
import type { Command } from 'commander';
import type { Pool } from '../postgres/connect.ts';
import { verifyReceipts } from '../postgres/verify-receipts.ts';

export function describeVerifyReceipts(command: Command): Command {
  return command
    .description('check the chain of receipts that erasures leave')
    .addHelpText('after', '\nThe exit code is 1 if the chain is broken; the first receipt that breaks it is named.');
}

/** @returns the exit code */
export async function runVerifyReceipts({
  pool,
  write,
}: {
  pool: Pool;
  write: (text: string) => void;
}): Promise<number> {
  const { fault, head } = await verifyReceipts(pool);
  if (fault !== null || head === null) {
    write(`broken: ${fault}\n`);
    return 1;
  }
  write(`${head.receipts} receipts, unbroken; the chain ends with ${head.hash}\n`);
  return 0;
}
