import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { bearer, serveApp } from '../kit/programs/serve-app.ts';
import { chromiumPath, noChromium, startChromium } from './chromium.ts';
import { openPage } from './open-page.ts';

if (chromiumPath === null) console.warn(noChromium);

/** An LMS on another origin: an empty page. */
async function serveLms() {
  const server = createServer((_req, res) =>
    res.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>LMS</title>'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs in the browser: asks with a token and a stream, as a front end of an LMS does. */
function askFrom(url: string, authorization: string): string {
  const headers = { authorization, 'content-type': 'application/json', accept: 'text/event-stream' };
  const options = {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': 'lms-1' },
    body: '{"query":"What is RAG?","stream":true}',
  };
  return `fetch(${JSON.stringify(`${url}/api/ai/chat`)}, ${JSON.stringify(options)}).then(
    async (response) => response.status + ' ' + (await response.text()) + ' ' + response.headers.get('www-authenticate'),
    (error) => 'blocked: ' + error.message)`;
}

describe.skipIf(chromiumPath === null)('a page of another origin in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  const serve = (corsOrigins: readonly string[]) =>
    serveApp({
      chat: async ({ query, onDelta }) => {
        onDelta?.('Streamed to the LMS');
        return answeredTurn({ query });
      },
      reserve: async ({ dialogueId }) => ({ state: 'new', dialogueId }),
      release: async () => {},
      settings: { corsOrigins },
    });

  test('asks and reads the stream if CORS_ORIGINS names it, and is blocked if not', async () => {
    await using lms = await serveLms();
    await using allowing = await serve([lms.origin]);
    await using blocking = await serve(['https://other.example']);
    await using opened = await openPage(browser, lms.origin);
    await opened.page.goto('/');
    const { authorization } = await bearer();
    expect(await opened.page.evaluate(askFrom(allowing.url, authorization))).toMatch(/^200 .*Streamed to the LMS/s);
    expect(await opened.page.evaluate(askFrom(allowing.url, 'Bearer nonsense'))).toMatch(
      /^401 .*could not be verified.*invalid_token/s,
    );
    expect(await opened.page.evaluate(askFrom(blocking.url, authorization))).toMatch(/^blocked: /);
  });
});
