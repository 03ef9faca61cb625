/** `cli -- token`: makes a token for trying the service, signed with the development secret. */
import type { Config } from '../config.ts';
import { sampleLearnerId, signDevelopmentToken } from '../http/auth/development-token.ts';
import { developmentSecret } from '../runtime/development-secret.ts';
import { userNamed } from './user-name.ts';

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
  const named = options.user === undefined ? { id: sampleLearnerId } : userNamed(options.user, '--user');
  const user = { ...named, ...(options.role !== undefined && { role: options.role }) };
  return signDevelopmentToken({ secret: developmentSecret(config.dataDir), issuer, audience, user, now });
}
