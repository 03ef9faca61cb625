import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, expect, test, vi } from 'vitest';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { startIdentityServer } from '../kit/servers/identity-server.ts';
import { startModelServer } from '../kit/servers/model-server.ts';

vi.setConfig({ testTimeout: 60_000 });
killLeftovers();
const directory = mkdtempSync(join(tmpdir(), 'rag-check-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const cli = join(import.meta.dirname, '..', '..', 'services', 'cli.ts');

async function check(env: Record<string, string>) {
  const child = startChild(process.execPath, [cli, 'check'], {
    env: { PATH: '/usr/bin:/bin', DATA_DIR: join(directory, 'data'), ...env },
  });
  return { code: await child.ended(), written: child.written() };
}

/** Forwards everything to `port` of this machine, whatever host was asked for. */
async function startProxy(port: number) {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    const { pathname, search } = new URL(req.url ?? '', 'http://unknown');
    const { method, headers } = req;
    const onward = httpRequest({ host: '127.0.0.1', port, path: pathname + search, method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    req.pipe(onward);
  });
  server.on('connect', (req, socket) => {
    asked.push(req.url ?? '');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const each of [onward, socket]) each.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('model and identity provider are checked, and the exit code says whether all is well', async () => {
  await using provider = await startIdentityServer();
  const model = await startModelServer();
  const env = { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'small-1', AUTH_JWKS_URL: provider.jwksUrl };
  const good = await check(env);
  expect(good.written).toMatch(
    /^ok {6}model: small-1 answers.*\noff {5}embeddings: .*\nok {6}identity provider: 1 key to verify tokens$/m,
  );
  expect(good.code).toBe(0);
  const bad = await check({ ...env, LLM_API_KEY: 'sk-1…9', AUTH_JWKS_URL: `${provider.origin}/none` });
  expect(bad.written).toMatch(/^failed {2}model: LLM_API_KEY contains an ellipsis.* Fix: .*copy the whole key\.$/m);
  expect(bad.written).toMatch(/^failed {2}identity provider: the keys .*404\. Fix: check AUTH_JWKS_URL/m);
  expect(bad.code).toBe(1);
  await model.close();
});

test('without settings nothing fails', async () => {
  const { code, written } = await check({});
  expect(written).toMatch(/^off {5}model: .*\noff {5}embeddings: .*\noff {5}identity provider: /m);
  expect(code).toBe(0);
});

test('the proxy of the environment is used, in capitals or not, and not for the hosts in NO_PROXY', async () => {
  const model = await startModelServer();
  await using proxy = await startProxy(Number(new URL(model.baseUrl).port));
  const env = { LLM_BASE_URL: 'http://models.invalid/v1', LLM_MODEL: 'small-1' };
  expect((await check({ ...env, HTTP_PROXY: proxy.url })).written).toContain('ok      model');
  expect((await check({ ...env, http_proxy: proxy.url.replace('http://', '') })).written).toContain('ok      model');
  expect(proxy.asked).toHaveLength(2);
  const direct = await check({ ...env, HTTP_PROXY: proxy.url, NO_PROXY: '.invalid' });
  expect(direct.written).toMatch(/failed {2}model: .*cannot be reached.*Fix: check the host name in LLM_BASE_URL/);
  const local = await check({ ...env, LLM_BASE_URL: model.baseUrl, HTTP_PROXY: proxy.url });
  expect(local.written).toContain('ok      model');
  expect(proxy.asked).toHaveLength(2);
  await model.close();
});

test('a server with a certificate of a private authority needs NODE_EXTRA_CA_CERTS, which the advice names', async () => {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '07',
    name: 'CN=Private authority',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2049-01-01'),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
  const cert = certificate.toString('pem');
  const authority = join(directory, 'ca.pem');
  writeFileSync(authority, cert);
  const server = createTlsServer({ key, cert }, (_req, res) => {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'OK' }, finish_reason: 'stop' }];
    res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ model: 'small-1', choices }));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const baseUrl = `https://localhost:${(server.address() as AddressInfo).port}/v1`;
  const env = { LLM_BASE_URL: baseUrl, LLM_MODEL: 'small-1' };
  expect((await check(env)).written).toMatch(/failed {2}model: .*\(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/);
  expect((await check({ ...env, NODE_EXTRA_CA_CERTS: authority })).written).toContain('ok      model: small-1 answers');
  const plain = await check({ ...env, LLM_BASE_URL: `${baseUrl.replace('https', 'http')}` });
  expect(plain.written).toContain('failed  model');
  server.closeAllConnections();
  server.close();
});
