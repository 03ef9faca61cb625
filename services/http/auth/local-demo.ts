/** Signs in local visitors as the sample learner. Visitors from the network are not signed in. */
import type { Request, Response } from 'express';
import { sampleLearnerId, signDevelopmentToken } from './development-token.ts';
import { setTokenCookie } from './token-cookie.ts';
import type { AuthSettings } from './verify-token.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;
const loopbackSockets = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i;

export type LocalDemo = {
  readonly isLocalDemo: (req: Request) => boolean;
  /** Sets the cookie. Call it only if `isLocalDemo` returns true. */
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
      // DNS rebinding: another site's name may resolve to this machine, but the Host header still has that name.
      hasLocalName(req.headers.host) &&
      !isForwarded(req),
    signInSampleLearner: async (req, res) => {
      if (secret === null) throw new Error('cannot sign in the sample learner without a development secret');
      const { issuer, audience } = auth;
      const user = { id: sampleLearnerId };
      setTokenCookie(req, res, await signDevelopmentToken({ secret, issuer, audience, user, now: now() }));
    },
  };
}

function hasLocalName(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);
}

const forwardedHeaders =
  /^(x-forwarded-.*|x-original-.*|x-real-ip|x-client-ip|forwarded|via|true-client-ip|cf-.*|cdn-loop|x-envoy-.*|tailscale-.*)$/;

/**
 * A proxy on this machine may forward remote visitors as localhost. Most add a header. nginx does not, but unless configured
 * otherwise it speaks HTTP/1.0 to the service or closes each connection, which no browser does.
 */
function isForwarded(req: Request): boolean {
  if (req.httpVersion !== '1.1' || /\bclose\b/i.test(req.headers.connection ?? '')) return true;
  return Object.keys(req.headers).some((header) => forwardedHeaders.test(header));
}
