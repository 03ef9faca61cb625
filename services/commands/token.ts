/** `cli -- token`: makes a token for trying the service, signed with the development secret. */
import { v5 as uuidv5 } from 'uuid';
import type { Config } from '../config.ts';
import { developmentSecret } from '../development-secret.ts';
import { sampleLearnerId, signDevelopmentToken } from '../http/sign-token.ts';

/** People are told apart by their address, so the same address is the same user each time. */
const peopleNamespace = '0d5a3b1e-6c1f-4c57-9a51-2f6f0b7c9d43';

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const emailPattern = /^[^\s@\0]+@[^\s@\0]+$/;

/**
 * @param options.user an e-mail address or a UUID; undefined: the sample learner
 * @returns a JWT that lives 24 hours
 * @throws {Error} that says what to do where tokens are the LMS's, or `user` is neither
 */
export function makeToken(
  options: { readonly user?: string | undefined; readonly role?: string | undefined },
  config: Pick<Config, 'dataDir' | 'auth'>,
  now: Date,
): Promise<string> {
  const { issuer, audience, jwksUrl } = config.auth;
  if (jwksUrl !== undefined) {
    throw new Error('AUTH_JWKS_URL is set, so only tokens that the LMS signs count; get one there, or unset it');
  }
  const user = { ...userOf(options.user), ...(options.role !== undefined && { role: options.role }) };
  return signDevelopmentToken({ secret: developmentSecret(config.dataDir), issuer, audience, user, now });
}

function userOf(given: string | undefined): { id: string; email?: string } {
  if (given === undefined) return { id: sampleLearnerId };
  const name = given.trim().toLowerCase();
  if (uuidPattern.test(name)) return { id: name };
  if (name.length <= 254 && emailPattern.test(name)) return { id: uuidv5(name, peopleNamespace), email: name };
  throw new Error('--user is neither an e-mail address nor a UUID');
}
