/**
 * PROGRAM: takes the screenshots of the pages for the docs, from a real service with plausible data.
 * `node --import ./services/telemetry/tracing/start-sdk.ts test/page/take-pictures.ts`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../../services/config.ts';
import { createLog } from '../../services/logging/log.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { dayOf } from '../../services/rollup/day.ts';
import { ingest } from '../../services/sources/ingest/ingest.ts';
import { createChatService } from '../../services/wiring/chat-service.ts';
import { startChromium } from './chromium.ts';
import { insertHistory, insertToday } from './insert-history.ts';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const questions = [
  'What is an error budget?',
  'What does "unpriced" mean?',
  '引用はどのように確かめられますか？',
  'What does an answer cost without a language model?',
];

const server = spawn(process.execPath, [fileURLToPath(new URL('../kit/database/run-postgres.ts', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const ended = once(server, 'exit');
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
const databaseUrl: string = JSON.parse(line).ownerUrl;
const pool = connect(databaseUrl, { name: 'pictures' });
const dataDir = mkdtempSync(join(tmpdir(), 'rag-pictures-'));
const config = loadConfig({ DATA_DIR: dataDir });
const service = createChatService({ config, databaseUrl, embedded: true, log: createLog('pictures', 'warn') });
const browser = await startChromium();
try {
  const store = createStoreContent(pool);
  await ingest(['samples'], { metadata: {}, sourceBase: null }, { store, clock: () => performance.now() });
  const port = await service.server.listen(0, '127.0.0.1');
  const now = new Date();
  mkdirSync(folder, { recursive: true });
  await takeAskPage(browser, `http://127.0.0.1:${port}/`);
  await insertHistory(pool, dayOf(now));
  await insertToday(pool, now);
  for (const scheme of ['light', 'dark'] as const) {
    await takeMetricsPage(browser, `http://127.0.0.1:${port}/dashboard/metrics`, scheme);
  }
} finally {
  await browser.close();
  await service.close(1_000);
  await pool.end();
  server.stdin.end();
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}

async function takeAskPage(from: Browser, url: string): Promise<void> {
  const page = await from.newPage({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Tokyo',
  });
  await page.goto(url);
  for (const question of questions) {
    await page.getByRole('textbox').fill(question);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: question }).and(page.locator('#answer-title')).waitFor();
  }
  await page.getByRole('button', { name: 'Helpful', exact: true }).click();
  await page.getByText('Rated as helpful.').waitFor();
  await page.screenshot({ path: join(folder, 'ask-light.png'), fullPage: true });
  await page.close();
}

async function takeMetricsPage(from: Browser, url: string, colorScheme: 'light' | 'dark'): Promise<void> {
  const page = await from.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', colorScheme });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.screenshot({ path: join(folder, `metrics-${colorScheme}.png`), fullPage: true });
  await page.close();
}
