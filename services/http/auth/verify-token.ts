/** Verifies a JWT, signed by an identity provider (JWKS) or with the development secret, and returns the user it identifies. */
import { type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { Problem } from '../api/problem.ts';
import { type ClaimNames, type Identity, type RoleMap, readIdentity, usualClaims } from './claims.ts';
import { badSubject, refusedToken, type TokenRefusal } from './refused-token.ts';
import { createSigningKeys, KeysUnavailable } from './signing-keys.ts';

export type AuthSettings = {
  /** Of our own development tokens too. */
  readonly issuer: string;
  readonly audience: string;
  /** Further issuers and audiences whose tokens are accepted. */
  readonly otherIssuers?: readonly string[];
  readonly otherAudiences?: readonly string[];
  /** The address of the provider's public keys, or the development secret of a server without a provider. */
  readonly keys: { readonly jwksUrl: string } | { readonly developmentSecret: string };
  readonly claims?: ClaimNames;
  readonly roleMap?: RoleMap;
  /** How far the clocks of issuer and server may differ. Seconds. */
  readonly clockTolerance?: number;
};

/** @throws {Problem} 401 if the token is invalid, 503 if the keys are unavailable */
export type VerifyToken = (token: string) => Promise<Identity>;

/** HMAC is excluded: a forger could use a public key as the HMAC secret. */
const publicKeyAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** For the log. */
export type AuthEvents = {
  readonly onRefused: (refusal: TokenRefusal) => void;
  readonly onKeysUnavailable: (failure: { readonly reason: string; readonly kept: boolean }) => void;
};

/** @param clock milliseconds, monotonic */
export function createVerifyToken(settings: AuthSettings, clock: () => number, events: AuthEvents): VerifyToken {
  const { keys, claims = usualClaims, roleMap = [], clockTolerance = 30 } = settings;
  const options: JWTVerifyOptions = {
    issuer: [settings.issuer, ...(settings.otherIssuers ?? [])],
    audience: [settings.audience, ...(settings.otherAudiences ?? [])],
    requiredClaims: ['exp'],
    clockTolerance,
  };
  const ownSecret = 'developmentSecret' in keys;
  const verify = ownSecret ? withSecret(keys.developmentSecret) : withPublicKeys(keys.jwksUrl, clock, events);
  return async (token) => {
    let payload: JWTPayload;
    try {
      payload = await verify(token, options);
    } catch (cause) {
      const refused = refusedToken(cause, token, ownSecret);
      if (refused === null) throw keysUnavailable(cause);
      events.onRefused(refused.refusal);
      throw refused.problem;
    }
    const identity = readIdentity(payload, { claims, roleMap });
    if (!('badSubject' in identity)) return identity;
    const { problem, refusal } = badSubject(claims.subject.join(', '), identity.badSubject);
    events.onRefused(refusal);
    throw problem;
  };
}

function withPublicKeys(url: string, clock: () => number, { onKeysUnavailable }: AuthEvents) {
  const verify = createSigningKeys(url, { clock, onFailure: onKeysUnavailable });
  return (token: string, options: JWTVerifyOptions) => verify(token, { ...options, algorithms: publicKeyAlgorithms });
}

function withSecret(secret: string) {
  const key = new TextEncoder().encode(secret);
  return async (token: string, options: JWTVerifyOptions) =>
    (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
}

function keysUnavailable(cause: unknown): Problem {
  // The reason is logged when the keys are fetched, once for all the requests that wait for them.
  const headers = { 'Retry-After': '5' };
  return new Problem('sign-in-unavailable', { headers, ...(!(cause instanceof KeysUnavailable) && { cause }) });
}
