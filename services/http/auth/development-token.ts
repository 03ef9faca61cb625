/** Signs tokens with the development secret, for the command line and for the sample learner's page. */
import { SignJWT } from 'jose';

/** The user of the first page and of the printed curl command. */
export const sampleLearnerId = '5a3b1e00-0000-4000-8000-000000000001';

export const tokenLifetimeSeconds = 24 * 60 * 60;

/** @param now the token's `iat`; it expires `tokenLifetimeSeconds` later */
export function signDevelopmentToken({
  secret,
  issuer,
  audience,
  user,
  now,
}: {
  readonly secret: string;
  readonly issuer: string;
  readonly audience: string;
  readonly user: { readonly id: string; readonly email?: string; readonly role?: string };
  readonly now: Date;
}): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const { id, email, role } = user;
  return new SignJWT({ ...(email !== undefined && { email }), ...(role !== undefined && { role }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + tokenLifetimeSeconds)
    .sign(new TextEncoder().encode(secret));
}
