/** Logs why tokens are refused and why the keys of the identity provider are unavailable. */
import type { Log } from '../middleware/error-handler.ts';
import type { AuthEvents } from './verify-token.ts';

export function logAuthEvents(log: Log): AuthEvents {
  return {
    onRefused: (refusal) => {
      // Every learner's token expires; the other reasons point to a setting or to an attack.
      if (refusal.reason === 'expired') log.info(refusal, 'a token was refused');
      else log.warn(refusal, 'a token was refused');
    },
    onKeysUnavailable: ({ reason, kept }) => {
      const fields = { reason: `the keys of the identity provider ${reason}` };
      if (kept) log.warn(fields, 'keys could not be fetched: the last ones stay in use');
      else log.error(fields, 'keys could not be fetched: all users with a token get 503. Check AUTH_JWKS_URL');
    },
  };
}
