/** How tokens are verified, from the configuration. */
import type { Config } from '../config.ts';
import { usualClaims } from '../http/auth/claims.ts';
import type { AuthSettings } from '../http/auth/verify-token.ts';
import { developmentSecret } from '../runtime/development-secret.ts';

export function authSettings({ auth, dataDir }: Pick<Config, 'auth' | 'dataDir'>): AuthSettings {
  const { jwksUrl, claims, ...settings } = auth;
  return {
    ...settings,
    claims: { ...usualClaims, ...claims },
    keys: jwksUrl === undefined ? { developmentSecret: developmentSecret(dataDir) } : { jwksUrl },
  };
}
