/** Lets the person at this machine in as the sample learner, and nobody who only reaches it through the network. */
import type { Request, Response } from 'express';
import { sampleLearnerId, signDevelopmentToken } from './development-token.ts';
import { setTokenCookie } from './token-cookie.ts';
import type { AuthSettings } from './verify-token.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;
const loopbackSockets = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i;

export type LocalDemo = {
  readonly isLocalDemo: (req: Request) => boolean;
  /** Sets the cookie; only to be called where `isLocalDemo` holds. */
  readonly signInSampleLearner: (req: Request, res: Response) => Promise<void>;
};

export function createLocalDemo({
  embedded,
  host,
  trustProxy,
  auth,
  now,
}: {
  readonly embedded: boolean;
  readonly host: string;
  readonly trustProxy: string | undefined;
  readonly auth: AuthSettings;
  readonly now: () => Date;
}): LocalDemo {
  const secret = 'developmentSecret' in auth.keys ? auth.keys.developmentSecret : null;
  const possible = embedded && secret !== null && trustProxy === undefined && loopback.test(host);
  return {
    isLocalDemo: (req) =>
      possible &&
      loopbackSockets.test(req.socket.remoteAddress ?? '') &&
      // A page elsewhere may have its name resolve to this machine: then the Host is that name.
      asksByLocalName(req.headers.host) &&
      // A proxy on this machine may pass on strangers under the name localhost.
      !['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some((header) => header in req.headers),
    signInSampleLearner: async (req, res) => {
      if (secret === null) throw new Error('there is no development secret to sign in with');
      const { issuer, audience } = auth;
      const user = { id: sampleLearnerId };
      setTokenCookie(req, res, await signDevelopmentToken({ secret, issuer, audience, user, now: now() }));
    },
  };
}

function asksByLocalName(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);
}
