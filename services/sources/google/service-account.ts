/** Access to Google's interfaces: a service account's key or a person's refresh token → tokens that last an hour. */
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { SourceContext } from '../plugin.ts';
import { SourceAway, SourceError } from '../source-error.ts';

/** The two forms of key files that Google gives out itself. */
const keyFile = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service_account'),
    client_email: z.string().min(1),
    private_key: z.string().min(1),
    private_key_id: z.string().optional(),
    token_uri: z.url().optional(),
  }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: z.string().min(1),
    client_secret: z.string().min(1),
    refresh_token: z.string().min(1),
    token_uri: z.url().optional(),
  }),
]);
type KeyFile = z.output<typeof keyFile>;

const scope = 'https://www.googleapis.com/auth/drive.readonly';
const hour = 3_600;

/**
 * @param subject the person whom a service account with domain-wide delegation reads for; null: for itself
 * @returns the text of an access token
 * @throws {SourceError} that says what is wrong with the key, without a letter of it
 */
export async function fetchAccessToken(
  { apiKey, endpoint, fetch, now }: Pick<SourceContext<unknown>, 'apiKey' | 'endpoint' | 'fetch' | 'now'>,
  subject: string | null,
): Promise<string> {
  const key = readKey(apiKey);
  const address = key.token_uri ?? (endpoint === null ? 'https://oauth2.googleapis.com/token' : `${endpoint}/token`);
  const response = await fetch(address, {
    method: 'POST',
    asks: true,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(await grantOf(key, { address, subject, now: now() })).toString(),
  });
  const answer: unknown = await response.json().catch(() => null);
  const { data } = z.object({ access_token: z.string().min(1) }).safeParse(answer);
  if (response.status === 200 && data !== undefined) return data.access_token;
  if (response.status === 429 || response.status >= 500) throw new SourceAway(`answered ${response.status} to its key`);
  const code = z.object({ error: z.string().regex(/^[a-z_]{1,50}$/) }).safeParse(answer).data?.error;
  throw new SourceError(
    `refuses its key (${response.status}${code === undefined ? '' : ` ${code}`}); ${
      code === 'invalid_grant'
        ? 'it was revoked, has expired, or the clock here is wrong'
        : 'see to the key and to the access it was given'
    }`,
  );
}

function readKey(apiKey: string | null): KeyFile {
  if (apiKey === null) {
    throw new SourceError('has no key; name the variable that holds the JSON of its key file (--api-key-variable)');
  }
  let told: unknown;
  try {
    // Some places take variables of one line only, so that it may stand there in base64.
    told = JSON.parse(apiKey.trimStart().startsWith('{') ? apiKey : Buffer.from(apiKey, 'base64').toString('utf8'));
  } catch {
    throw new SourceError('has a key that is not the JSON of a key file of Google');
  }
  const parsed = keyFile.safeParse(told);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new SourceError(`has a key file of Google that cannot be used: see to ${fields || 'its type'}`);
}

async function grantOf(
  key: KeyFile,
  { address, subject, now }: { address: string; subject: string | null; now: Date },
): Promise<Record<string, string>> {
  if (key.type === 'authorized_user') {
    const { client_id, client_secret, refresh_token } = key;
    return { grant_type: 'refresh_token', client_id, client_secret, refresh_token };
  }
  const second = Math.floor(now.getTime() / 1_000);
  const token = new SignJWT({ scope, ...(subject !== null && { sub: subject }) })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) })
    .setIssuer(key.client_email)
    .setAudience(address)
    .setIssuedAt(second)
    .setExpirationTime(second + hour);
  let privateKey: Awaited<ReturnType<typeof importPKCS8>>;
  try {
    privateKey = await importPKCS8(key.private_key, 'RS256');
  } catch {
    throw new SourceError('has a key file of Google whose private_key cannot be read');
  }
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await token.sign(privateKey) };
}
