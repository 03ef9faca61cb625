/** `cli -- token`: creates a token for trying the API, signed with the development secret. */
import type { Config } from '../../config.ts';
import { sampleLearnerId, signDevelopmentToken } from '../../http/auth/development-token.ts';
import { developmentSecret } from '../../runtime/development-secret.ts';
import { parseUserName } from './find-user.ts';

/**
 * @param options.user an e-mail address or a UUID; undefined: the sample learner
 * @returns a JWT, valid for 24 hours
 * @throws {Error} if the LMS signs the tokens, or for an invalid user
 */
export function makeToken(
  options: { readonly user?: string | undefined; readonly role?: string | undefined },
  config: Pick<Config, 'dataDir'> & { readonly auth: Pick<Config['auth'], 'issuer' | 'audience' | 'jwksUrl'> },
  now: Date,
): Promise<string> {
  const { issuer, audience, jwksUrl } = config.auth;
  if (jwksUrl !== undefined) {
    throw new Error(
      'AUTH_JWKS_URL is set, so only tokens signed by the LMS are accepted; get a token there, or unset AUTH_JWKS_URL',
    );
  }
  const named = options.user === undefined ? { id: sampleLearnerId } : parseUserName(options.user, '--user');
  const user = { ...named, ...(options.role !== undefined && { role: options.role }) };
  return signDevelopmentToken({ secret: developmentSecret(config.dataDir), issuer, audience, user, now });
}
