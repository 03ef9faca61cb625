/** Opens the example page of an LMS in Chromium. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { accessibilityFaults } from '../page/check-accessibility.ts';
import { chromiumPath, noChromium, startChromium } from '../page/chromium.ts';
import { openPage, shownText } from '../page/open-page.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
if (chromiumPath === null) console.warn(noChromium);

/** The LMS: its page, and the tokens of its signed-in user. */
async function serveLms(token: () => Promise<string>, port: number) {
  const page = readFileSync('docs/examples/lms-page.html');
  const server = createServer(async (req, res) => {
    if (req.url === '/rag-token') res.end(await token());
    else if (req.url?.startsWith('/?')) res.setHeader('Content-Type', 'text/html').end(page);
    else res.writeHead(204).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe.skipIf(chromiumPath === null)('the example page of an LMS', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test('asks from another origin with a token, shows the answer with its citations, and votes', async () => {
    const port = await freePort();
    const chat = await runChat(db.url, { CORS_ORIGINS: `http://localhost:${port}` });
    let token = await chat.token();
    await using lms = await serveLms(async () => token, port);
    await using opened = await openPage(browser, lms.origin);
    const { page } = opened;
    await page.goto(`/?service=${chat.origin}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Question').fill('What is RAG?');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Yes' }).waitFor();
    const [row] = await db.query('select * from ai_dialogue_log order by created_at desc limit 1');
    expect(await shownText(page.locator('#answer'))).toBe(row?.response);
    expect(await page.locator('#citations li').count()).toBe(row?.citations.length);
    expect(await shownText(page.locator('#citations li').first())).toContain(row?.citations[0].excerpt);
    await page.getByRole('button', { name: 'Yes' }).click();
    await page.getByText('Thank you.').waitFor();
    expect(await db.query('select user_feedback from ai_dialogue_log where id = $1', [row?.id])).toEqual([
      { user_feedback: 1 },
    ]);
    await page.getByLabel('Question').fill('What does CC BY allow?');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await db.query('select 1 from ai_dialogue_log')).length).toBe(2);
    expect(await db.query('select distinct session_id from ai_dialogue_log')).toHaveLength(1);
    token = 'expired';
    await page.keyboard.press('Enter');
    await page.getByText('could not be verified').waitFor();
    expect(opened.consoleErrors.filter((each) => !each.includes('401'))).toEqual([]);
  });
});
