/** Verifies a JWT, signed by the LMS (JWKS) or with the development secret, and returns the user it identifies. */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { z } from 'zod';
import { Problem } from '../api/problem.ts';
import { uuid } from '../api/schemas.ts';

export type AuthSettings = {
  readonly issuer: string;
  readonly audience: string;
  /** The address of the LMS's public keys, or the development secret of a server without an LMS. */
  readonly keys: { readonly jwksUrl: string } | { readonly developmentSecret: string };
};

/** The user that a token identifies. */
export type Identity = {
  readonly userId: string;
  readonly email: string | null;
  readonly role: string;
  readonly groups: readonly string[];
};

/** @throws {Problem} 401 if the token is invalid, 503 if the keys are unavailable */
export type VerifyToken = (token: string) => Promise<Identity>;

/** HMAC is excluded: a forger could use a public key as the HMAC secret. */
const publicKeyAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

const storable = (text: string) => text.isWellFormed() && !text.includes('\0');
const claim = z.string().min(1).max(254).refine(storable);
const claims = z.object({
  sub: uuid,
  email: claim.nullish(),
  role: claim.nullish(),
  groups: z.array(claim).max(1_000).nullish(),
});

export function createVerifyToken({ issuer, audience, keys }: AuthSettings): VerifyToken {
  const options: JWTVerifyOptions = { issuer, audience, requiredClaims: ['exp', 'sub'], clockTolerance: 5 };
  const verify =
    'jwksUrl' in keys ? withPublicKeys(keys.jwksUrl, options) : withSecret(keys.developmentSecret, options);
  return async (token) => {
    let payload: JWTPayload;
    try {
      payload = await verify(token);
    } catch (cause) {
      throw refusal(cause);
    }
    const parsed = claims.safeParse(payload);
    if (!parsed.success) {
      const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))].join(', ');
      throw badToken(`the token has invalid claims: ${names}`);
    }
    const { sub, email, role, groups } = parsed.data;
    return { userId: sub, email: email ?? null, role: role ?? 'learner', groups: groups ?? [] };
  };
}

function withPublicKeys(url: string, options: JWTVerifyOptions) {
  const keySet = createRemoteJWKSet(new URL(url));
  return async (token: string) =>
    (await jwtVerify(token, keySet, { ...options, algorithms: publicKeyAlgorithms })).payload;
}

function withSecret(secret: string, options: JWTVerifyOptions) {
  const key = new TextEncoder().encode(secret);
  return async (token: string) => (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
}

/** Errors of jose about the token. All its other errors are about the key set. */
const tokenErrors = [
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function refusal(error: unknown): Problem {
  // The signature is verified first, so only holders of a genuine token learn that it has expired.
  if (error instanceof errors.JWTExpired) return badToken('the token has expired; get a new one');
  if (tokenErrors.some((kind) => error instanceof kind)) return badToken('the token could not be verified');
  return new Problem('sign-in-unavailable', { headers: { 'Retry-After': '5' }, cause: error });
}

/** RFC 6750, section 3. */
export function badToken(description: string): Problem {
  const challenge = `Bearer realm="rag-observatory", error="invalid_token", error_description="${description}"`;
  return new Problem('unauthorized', {
    detail: `${description[0]?.toUpperCase()}${description.slice(1)}.`,
    headers: { 'WWW-Authenticate': challenge },
  });
}

export function noToken(): Problem {
  return new Problem('unauthorized', { headers: { 'WWW-Authenticate': 'Bearer realm="rag-observatory"' } });
}
