/** The specification's E2E sketch, in a real Chromium; `expect(locator).toBeVisible()` is the runner's, here waitFor. */
import { expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { chromiumPath, noChromium, startChromium } from '../page/chromium.ts';
import { openPage } from '../page/open-page.ts';

const db = await testDatabase();
const chat = await runChat(db.url);
if (chromiumPath === null) console.warn(noChromium);

test.skipIf(chromiumPath === null)('should display RAG metrics dashboard', async () => {
  const browser = await startChromium();
  try {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/dashboard/metrics');
    expect(await page.locator('[data-testid="citation-rate"]').isVisible()).toBe(true);
    expect(await page.locator('[data-testid="latency-p95"]').isVisible()).toBe(true);
  } finally {
    await browser.close();
  }
});
