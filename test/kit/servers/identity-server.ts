/** An identity provider: signs tokens of any shape, and serves its public keys over HTTP. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Key = { readonly privateKey: CryptoKey; readonly jwk: JWK; readonly alg: string };

export type IdentityServer = AsyncDisposable & {
  readonly jwksUrl: string;
  readonly origin: string;
  /** Fetches of the keys so far. */
  readonly fetches: () => number;
  /** Replaces the published keys by a new one. */
  readonly rotate: (alg?: string, options?: { kid?: string | null; publish?: boolean }) => Promise<void>;
  /** What the next fetches get; null: the keys. */
  readonly answerWith: (answer: { status: number; body?: string; headers?: Record<string, string> } | null) => void;
  /** Serves a discovery document with this issuer. */
  readonly describeAs: (issuer: string) => void;
  /** Signs with the latest key. */
  readonly sign: (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;
  /** Signs tokens with these claims for the client that knows the secret, at `tokenUrl`. */
  readonly admitClient: (secret: string, claims: Record<string, unknown>) => void;
  readonly tokenUrl: string;
  /** Closes the connections and refuses new ones. */
  readonly stop: () => Promise<void>;
};

export async function startIdentityServer(alg = 'RS256'): Promise<IdentityServer> {
  let count = 0;
  let fetches = 0;
  let key: Key;
  let published: JWK[] = [];
  let answer: { status: number; body?: string; headers?: Record<string, string> } | null = null;

  let issuer: string | null = null;
  let clientSecret: string | null = null;
  let clientClaims: Record<string, unknown> = {};
  const server = createServer((req, res) => {
    if (req.url === '/.well-known/openid-configuration' && issuer !== null) {
      res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ issuer }));
      return;
    }
    if (req.url === '/token') {
      void sendToken(req, res);
      return;
    }
    if (req.url !== '/keys') {
      res.writeHead(404).end();
      return;
    }
    fetches += 1;
    const { status, body, headers } = answer ?? { status: 200, body: JSON.stringify({ keys: published }) };
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function sendToken(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(req));
    const isClient = form.get('grant_type') === 'client_credentials' && form.get('client_secret') === clientSecret;
    const body = isClient ? { access_token: await sign(clientClaims), expires_in: 600 } : { error: 'invalid_client' };
    res.writeHead(isClient ? 200 : 401, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }

  const rotate: IdentityServer['rotate'] = async (newAlg = alg, { kid = `key-${++count}`, publish = true } = {}) => {
    const { privateKey, publicKey } = await generateKeyPair(newAlg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), ...(kid !== null && { kid }), use: 'sig' };
    key = { privateKey, jwk, alg: newAlg };
    if (publish) published = [jwk];
  };
  await rotate();

  const sign: IdentityServer['sign'] = (claims, header = {}) => {
    const { kid } = key.jwk;
    const usual = { alg: key.alg, typ: 'JWT', ...(kid !== undefined && { kid }) };
    const exp = Math.floor(Date.now() / 1000) + 600;
    return new SignJWT({ exp, ...claims }).setProtectedHeader({ ...usual, ...header }).sign(key.privateKey);
  };

  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    origin,
    jwksUrl: `${origin}/keys`,
    tokenUrl: `${origin}/token`,
    admitClient: (secret, claims) => {
      clientSecret = secret;
      clientClaims = claims;
    },
    fetches: () => fetches,
    rotate,
    answerWith: (next) => {
      answer = next;
    },
    describeAs: (name) => {
      issuer = name;
    },
    sign,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await stop();
    },
  };
}
