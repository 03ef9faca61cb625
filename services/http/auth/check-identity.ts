/** Fetches the keys of the identity provider and compares its own description with the settings. */
import type { CheckResult } from '../../failure/check.ts';
import { fetchKeys, KeysUnavailable } from './signing-keys.ts';
import type { AuthSettings } from './verify-token.ts';

type Settings = Pick<AuthSettings, 'issuer' | 'otherIssuers'> & { readonly jwksUrl: string | undefined };

export async function checkIdentity({ issuer, otherIssuers = [], jwksUrl }: Settings): Promise<CheckResult> {
  if (jwksUrl === undefined) {
    return { state: 'off', detail: 'not configured: only tokens of `cli -- token` are accepted. Set AUTH_JWKS_URL' };
  }
  try {
    const { keys } = await fetchKeys(jwksUrl);
    const named = await describedIssuer(issuer);
    if (named !== null && ![issuer, ...otherIssuers].includes(named)) {
      return {
        state: 'failed',
        detail: `the identity provider calls itself ${named}, so its tokens are refused`,
        fix: 'set AUTH_ISSUER to that',
      };
    }
    return { state: 'ok', detail: `${keys.length === 1 ? '1 key' : `${keys.length} keys`} to verify tokens` };
  } catch (error) {
    if (!(error instanceof KeysUnavailable)) throw error;
    return { state: 'failed', detail: `the keys of the identity provider ${error.message}`, fix: error.advice };
  }
}

/** The issuer in the provider's discovery document; null: it has none that can be read. LTI platforms have none. */
async function describedIssuer(issuer: string): Promise<string | null> {
  if (!/^https?:\/\//.test(issuer)) return null;
  try {
    const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const document: unknown = response.ok ? await response.json() : null;
    const named =
      typeof document === 'object' && document !== null && 'issuer' in document ? document.issuer : undefined;
    // Entra ID writes a placeholder where a document is for all tenants.
    return typeof named === 'string' && /^https?:\/\/[\x21-\x7e]{1,200}$/.test(named) && !named.includes('{')
      ? named
      : null;
  } catch {
    return null;
  }
}
