/** Access tokens of Google, from a refresh token: https://developers.google.com/identity/protocols/oauth2/web-server#offline */
import { z } from 'zod';
import type { SourceContext } from '../plugin.ts';
import { SourceAway, SourceError } from '../source-error.ts';
import { type HeldToken, holdToken } from './access-token.ts';

/** As Google's own tools keep the credentials of a person, where they call them "authorized_user". */
const credentials = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
});
const granted = z.object({ access_token: z.string().min(1) });
const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

export function createAccessToken(
  { apiKey, fetch }: Pick<SourceContext<unknown>, 'apiKey' | 'fetch'>,
  tokenUrl: string,
): HeldToken {
  return holdToken(request);

  async function request(): Promise<string> {
    const { client_id, client_secret, refresh_token } = readCredentials(apiKey);
    const form = { grant_type: 'refresh_token', client_id, client_secret, refresh_token };
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      asks: true,
      mostBytes: 65_536,
    });
    const { status } = response;
    if (status === 429 || status >= 500) throw new SourceAway(`gives no access token for now (${status})`);
    const answer = await response.json().catch(() => null);
    if (status === 200 && granted.safeParse(answer).success) return granted.parse(answer).access_token;
    const code = refusal.safeParse(answer).data?.error ?? status;
    throw new SourceError(
      `gives no access token (${code}); let the account agree again and keep its new refresh token`,
    );
  }
}

/** @throws {SourceError} that does not quote them */
function readCredentials(text: string | null): z.output<typeof credentials> {
  const advice =
    'the variable of its key (--api-key-variable) must hold {"client_id", "client_secret", "refresh_token"}';
  if (text === null) throw new SourceError(`has no credentials: ${advice}`);
  try {
    return credentials.parse(JSON.parse(text));
  } catch {
    // Without the cause: it would quote the secrets.
    throw new SourceError(`has credentials that cannot be read: ${advice}`);
  }
}
