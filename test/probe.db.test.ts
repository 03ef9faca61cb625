/** The probe against the real chat server and an identity provider. */
import { expect, test } from 'vitest';
import { createProbe, type ProbeSettings } from '../services/jobs/probe.ts';
import { testDatabase } from './kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from './kit/programs/chat-service.ts';
import { startIdentityServer } from './kit/servers/identity-server.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
const identity = await startIdentityServer();
const [issuer, audience] = ['https://lms.example', 'rag'];
identity.admitClient('s3cret', { iss: issuer, aud: audience, sub: 'probe' });
const key = 'a-key-of-more-than-24-characters';
const chat = await runChat(db.url, {
  PROBE_KEY: key,
  AUTH_ISSUER: issuer,
  AUTH_AUDIENCE: audience,
  AUTH_JWKS_URL: identity.jwksUrl,
});
const question = 'What is retrieval-augmented generation?';
const settings: ProbeSettings = {
  url: chat.origin,
  key,
  question,
  source: null,
  token: null,
  client: { tokenUrl: identity.tokenUrl, id: 'rag-probe', secret: 's3cret' },
};
const clock = () => performance.now();
const probe = (change: Partial<ProbeSettings> = {}) =>
  createProbe({ ...settings, ...change }, clock)(new AbortController().signal);
const recorded = async () => (await db.query('select from ai_dialogue_log')).length;

test('a probe with a cited answer is ok, and its turn is not recorded', async () => {
  expect(await probe()).toMatchObject({ result: 'ok' });
  expect(await recorded()).toBe(0);
});

test('an answer that cites another document is uncited', async () => {
  expect(await probe({ source: 'no such document' })).toMatchObject({ result: 'uncited' });
});

test('a question with another key in the header is recorded like any other', async () => {
  const token = await identity.sign({ iss: issuer, aud: audience, sub: 'ken' });
  const before = await recorded();
  const reply = await chat.ask({ query: question }, { token, headers: { 'x-probe-key': `${key}!` } });
  expect(reply.status).toBe(200);
  expect(await recorded()).toBe(before + 1);
});

test('a token or client that is refused does not look like an outage', async () => {
  expect(await probe({ client: null, token: 'expired' })).toMatchObject({ result: 'refused' });
  const client = { tokenUrl: identity.tokenUrl, id: 'rag-probe', secret: 'changed' };
  expect(await probe({ client })).toMatchObject({ result: 'refused' });
});

test('without the identity provider or the chat server the probe fails', async () => {
  await identity.stop();
  expect(await probe()).toMatchObject({ result: 'failed' });
  await chat.close();
  expect(await probe({ client: null, token: 't' })).toMatchObject({ result: 'failed' });
});
