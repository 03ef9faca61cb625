/** An identity provider: signs tokens of any shape, and serves its public keys over HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  const server = createServer((req, res) => {
    if (req.url === '/.well-known/openid-configuration' && issuer !== null) {
      res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ issuer }));
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

  const rotate: IdentityServer['rotate'] = async (newAlg = alg, { kid = `key-${++count}`, publish = true } = {}) => {
    const { privateKey, publicKey } = await generateKeyPair(newAlg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), ...(kid !== null && { kid }), use: 'sig' };
    key = { privateKey, jwk, alg: newAlg };
    if (publish) published = [jwk];
  };
  await rotate();

  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    origin,
    jwksUrl: `${origin}/keys`,
    fetches: () => fetches,
    rotate,
    answerWith: (next) => {
      answer = next;
    },
    describeAs: (name) => {
      issuer = name;
    },
    sign: (claims, header = {}) => {
      const { kid } = key.jwk;
      const usual = { alg: key.alg, typ: 'JWT', ...(kid !== undefined && { kid }) };
      const exp = Math.floor(Date.now() / 1000) + 600;
      return new SignJWT({ exp, ...claims }).setProtectedHeader({ ...usual, ...header }).sign(key.privateKey);
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await stop();
    },
  };
}
