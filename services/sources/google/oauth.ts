/** Access tokens for Google's APIs, from a service account's key or a user's refresh token: https://developers.google.com/identity/protocols/oauth2 */
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { SourceContext } from '../plugin.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';

const text = z.string().min(1);
/** The two kinds of credential files that Google issues. */
const keyFile = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service_account'),
    client_email: text,
    private_key: text,
    private_key_id: z.string().optional(),
    token_uri: z.url().optional(),
  }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: text,
    client_secret: text,
    refresh_token: text,
    token_uri: z.url().optional(),
  }),
]);
type KeyFile = z.output<typeof keyFile>;

const granted = z.object({ access_token: text });
const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,50}$/) });
/** Seconds. */
const lifetime = 3_600;

type Context = Pick<SourceContext<unknown>, 'apiKey' | 'endpoint' | 'fetch' | 'now'>;

export type TokenRequest = {
  readonly scope: string;
  /** The user on whose behalf a service account with domain-wide delegation reads; null: itself. */
  readonly subject: string | null;
};

export type AccessToken = {
  /** @param rejected the token that a request was rejected with: if it is the current one, a new one is requested */
  readonly get: (rejected?: string) => Promise<string>;
};

/** Requests a token when it is first needed, once for concurrent requests. */
export function createAccessToken(context: Context, request: TokenRequest): AccessToken {
  return holdToken(() => requestToken(context, request));
}

export function holdToken(requestToken: () => Promise<string>): AccessToken {
  let current: Promise<string> | null = null;
  /** What `current` resolved with; null: it is still pending. */
  let last: string | null = null;
  return {
    async get(rejected) {
      // Of several requests that were rejected with the same token, only the first requests a new one.
      if (current === null || (rejected !== undefined && rejected === last)) {
        last = null;
        const pending = requestToken();
        current = pending;
        pending.then(
          (token) => {
            last = token;
          },
          () => {
            if (current === pending) current = null;
          },
        );
      }
      return current;
    },
  };
}

/** Tokens last an hour and can be revoked: a rejected one is exchanged once. */
export async function sendWithToken<Answer extends { readonly status: number }>(
  token: AccessToken,
  send: (bearer: string) => Promise<Answer>,
): Promise<Answer> {
  const used = await token.get();
  const answer = await send(used);
  return answer.status === 401 ? send(await token.get(used)) : answer;
}

/** @throws {SourceError} that says what is wrong with the credentials and quotes none of them */
async function requestToken(
  { apiKey, endpoint, fetch, now }: Context,
  { scope, subject }: TokenRequest,
): Promise<string> {
  const key = readKeyFile(apiKey);
  const url =
    key.token_uri ?? (endpoint === null ? 'https://oauth2.googleapis.com/token' : new URL('/token', endpoint).href);
  const grant =
    key.type === 'authorized_user'
      ? {
          grant_type: 'refresh_token',
          client_id: key.client_id,
          client_secret: key.client_secret,
          refresh_token: key.refresh_token,
        }
      : {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: await signAssertion(key, { audience: url, scope, subject, now: now() }),
        };
  const response = await fetch(url, {
    method: 'POST',
    readOnly: true,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(grant).toString(),
    maxBytes: 65_536,
  });
  const { status } = response;
  if (status === 429 || status >= 500) throw new SourceUnavailable(`issues no access token now (${status})`);
  const answer: unknown = await response.json().catch(() => null);
  const { data } = granted.safeParse(answer);
  if (status === 200 && data !== undefined) return data.access_token;
  const code = refusal.safeParse(answer).data?.error;
  throw new SourceError(
    `rejects its credentials (${status}${code === undefined ? '' : ` ${code}`}); ${
      code === 'invalid_grant'
        ? 'they were revoked or have expired, or the clock of this machine is wrong: renew them and set the variable again'
        : 'check the credentials and the access that was granted to them'
    }`,
  );
}

function readKeyFile(apiKey: string | null): KeyFile {
  const advice = 'set the variable of its key (--api-key-variable) to the JSON of a Google key file';
  if (apiKey === null) throw new SourceError(`has no key: ${advice}`);
  let json: object | null;
  try {
    // Base64 for environments that allow single-line variables only.
    json = JSON.parse(apiKey.trimStart().startsWith('{') ? apiKey : Buffer.from(apiKey, 'base64').toString('utf8')) as
      | object
      | null;
  } catch {
    // Without the cause, which would quote the secret.
    throw new SourceError(`has a key that is not JSON: ${advice}`);
  }
  // A refresh token that was not obtained with gcloud comes without a type.
  const untyped = typeof json === 'object' && json !== null && !('type' in json) && 'refresh_token' in json;
  const parsed = keyFile.safeParse(untyped ? { ...json, type: 'authorized_user' } : json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new SourceError(`has a key file without a valid ${fields || 'type'}: ${advice}`);
}

async function signAssertion(
  key: Extract<KeyFile, { type: 'service_account' }>,
  { audience, scope, subject, now }: TokenRequest & { audience: string; now: Date },
): Promise<string> {
  const second = Math.floor(now.getTime() / 1_000);
  const token = new SignJWT({ scope, ...(subject !== null && { sub: subject }) })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) })
    .setIssuer(key.client_email)
    .setAudience(audience)
    .setIssuedAt(second)
    .setExpirationTime(second + lifetime);
  try {
    return await token.sign(await importPKCS8(key.private_key, 'RS256'));
  } catch {
    throw new SourceError('has a key file whose private_key cannot be read');
  }
}
