/** Says why a token is refused: to the operator in full, to the client as far as it can do something about it. */
import { decodeProtectedHeader, errors } from 'jose';
import { Problem } from '../api/problem.ts';

/** For the log. `reason` is our own text; the other fields come from tokens with a valid signature only. */
export type TokenRefusal = {
  readonly reason: string;
  readonly issuer?: string;
  readonly audience?: readonly string[];
};

/** What the client is answered with. The same for every token whose signature is not proven: a forger learns nothing. */
const unproven = 'the token could not be verified; sign in again to get a new one';

/** RFC 6750, section 3. @param description printable ASCII without quotes */
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

type Refused = { readonly problem: Problem; readonly refusal: TokenRefusal };

export function badSubject(name: string, what: string): Refused {
  return {
    problem: badToken('the token names no user that this service can identify; contact its operator'),
    refusal: { reason: `the claim ${name} ${what} (SUBJECT_CLAIM)` },
  };
}

/**
 * @param error of jose
 * @param ownSecret whether only tokens of the development secret are accepted
 * @returns null for errors that are not about the token
 */
export function refusedToken(error: unknown, token: string, ownSecret: boolean): Refused | null {
  // The signature is verified first, so only holders of a genuine token learn what their claims lack.
  if (error instanceof errors.JWTExpired) {
    return { problem: badToken('the token has expired; get a new one'), refusal: { reason: 'expired' } };
  }
  if (error instanceof errors.JWTClaimValidationFailed) return refusedClaim(error);
  const reason = reasonOf(error, token, ownSecret);
  return reason === null ? null : { problem: badToken(unproven), refusal: { reason } };
}

function refusedClaim({ claim, reason, payload }: errors.JWTClaimValidationFailed): Refused {
  if (reason === 'missing') {
    return {
      problem: badToken(`the token has no claim ${claim}; contact the operator of this service`),
      refusal: { reason: `the claim ${claim} is missing` },
    };
  }
  switch (claim) {
    case 'iss':
      return {
        problem: badToken('the token is of another issuer; sign in at the identity provider of this service'),
        refusal: { reason: 'its issuer is not in AUTH_ISSUER', issuer: printable(payload.iss) },
      };
    case 'aud':
      return {
        problem: badToken('the token is for another audience; ask the identity provider for one for this service'),
        refusal: {
          reason: 'its audience is not in AUTH_AUDIENCE',
          audience: [payload.aud ?? []].flat().slice(0, 10).map(printable),
        },
      };
    case 'nbf':
      return {
        problem: badToken('the token is not valid yet; check the clock of the server that issued it'),
        refusal: {
          reason: 'not valid yet: compare the clocks of this server and of the issuer (AUTH_CLOCK_TOLERANCE)',
        },
      };
    default:
      return {
        problem: badToken(`the claim ${claim} of the token is invalid; contact the operator of this service`),
        refusal: { reason: `the claim ${claim} is invalid` },
      };
  }
}

/** Null: not about the token. */
function reasonOf(error: unknown, token: string, ownSecret: boolean): string | null {
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    const alg = algorithmOf(token);
    if (ownSecret) {
      return `signed with ${alg}, but AUTH_JWKS_URL is not set, so only tokens of the development secret are accepted`;
    }
    return `signed with ${alg}; accepted are RS, PS and ES with 256, 384 or 512, and EdDSA`;
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is not among the keys at AUTH_JWKS_URL';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong: another key signed it';
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) {
    const parts = token.split('.').length;
    if (parts === 5) return 'it is encrypted (JWE), only signed tokens are accepted';
    return parts === 3 ? 'it is malformed' : 'it is not a JWT but an opaque token';
  }
  return null;
}

function algorithmOf(token: string): string {
  try {
    const { alg } = decodeProtectedHeader(token);
    return typeof alg === 'string' && /^[\w-]{1,20}$/.test(alg) ? alg : 'an unknown algorithm';
  } catch {
    return 'an unknown algorithm';
  }
}

function printable(value: unknown): string {
  return String(value)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 200);
}
