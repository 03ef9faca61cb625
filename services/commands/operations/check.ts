/** `cli -- check`: asks the model, the embeddings server and the identity provider, and says what to do about each failure. */
import type { Command } from 'commander';
import { checkLine, runChecks } from '../../wiring/checks/run-checks.ts';
import { type CheckedConfig, serviceChecks } from '../../wiring/checks/service-checks.ts';
import { printable } from '../progress.ts';

export function describeCheck(command: Command): Command {
  return command
    .description('check the model, the embeddings server and the identity provider; changes nothing')
    .addHelpText('after', '\nThe exit code is 1 if a check fails. `verify` checks the database.');
}

/** @returns the exit code */
export async function runCheck(
  config: CheckedConfig,
  { write }: { readonly write: (text: string) => void },
): Promise<number> {
  const results = await runChecks(serviceChecks(config));
  for (const result of results) write(`${printable(checkLine(result))}\n`);
  return results.some(({ state }) => state === 'failed') ? 1 : 0;
}
