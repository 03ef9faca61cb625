/** `cli -- user-id`: prints the id under which a subject of an identity provider is stored. */
import type { Command } from 'commander';
import { userIdOf } from '../../http/auth/claims.ts';

export type UserIdFlags = { readonly issuer?: string };

export function describeUserId(command: Command): Command {
  return command
    .description('print the id of a user of the identity provider, for the other commands')
    .argument('<subject>', "the user's subject at the identity provider, such as 'auth0|5f7c1e'")
    .option('--issuer <issuer>', 'the issuer of the tokens (default: the first of AUTH_ISSUER)');
}

export function runUserId(
  subject: string,
  { issuer }: UserIdFlags,
  deps: { readonly issuer: string; readonly write: (text: string) => void },
): void {
  deps.write(`${userIdOf(subject, issuer ?? deps.issuer)}\n`);
}
