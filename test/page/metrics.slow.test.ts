import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '../../services/rollup/day.ts';
import { insertDialogue, insertUser } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { tcpProxy } from '../kit/servers/tcp-proxy.ts';
import { accessibilityFaults } from './check-accessibility.ts';
import { chromiumPath, noChromium, startChromium } from './chromium.ts';
import { insertHistory } from './insert-history.ts';
import { openPage, scrollsSideways, shownText } from './open-page.ts';

const db = await testDatabase();
const chat = await runChat(db.url);
if (chromiumPath === null) console.warn(noChromium);

const testIds = ['citation-rate', 'latency-p50', 'latency-p95', 'cost-per-answer', 'relevance-score', 'error-rate'];

describe.skipIf(chromiumPath === null)('/dashboard/metrics', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test('a day without traffic shows no data, neither met nor breached', async () => {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/dashboard/metrics');
    for (const id of testIds) expect(await shownText(page.getByTestId(id))).toMatch(/No data[\s\S]*No measurements/);
    expect(await shownText(page.getByTestId('slo-status'))).toMatch(/No data yet[\s\S]*No questions yet today/);
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });

  test('values update without a reload or a change of focus, and changed verdicts are announced', async () => {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.clock.install();
    await page.goto('/dashboard/metrics');
    await page.getByRole('button', { name: 'Pause updates' }).focus();
    await insertDialogue(db, { latency_ms: 3_517, relevance_score: 0.83, token_cost_jpy: 0 });
    await page.clock.runFor(15_000);
    await page.getByTestId('latency-p95').getByText('3.52 s').waitFor();
    expect(await page.locator('#announce').textContent()).toContain('Latency P95: Breached, 3.52 s.');
    expect(await shownText(page.getByTestId('slo-status'))).toMatch(/Objectives breached\n+3 met · 3 breached/);
    expect(await page.title()).toContain('✕ 3 breached');
    expect(await shownText(page.locator(':focus'))).toBe('Pause updates');

    await page.keyboard.press('Enter');
    await insertDialogue(db, { latency_ms: 11, relevance_score: 0.83 });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.clock.runFor(60_000);
    expect(requests).toEqual([]);
    await page.getByRole('button', { name: 'Pause updates', pressed: true }).press('Enter');
    await page.getByTestId('totals').getByText('2', { exact: true }).first().waitFor();
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });

  test('values match the database and are compared with the targets of the objectives', async () => {
    await db.query('truncate ai_dialogue_log cascade');
    const [anna, ben] = [await insertUser(db), await insertUser(db)];
    const cited = [{ source: 'A lecture', sourceType: 'material', excerpt: 'x', confidence: 0.9, timestamp: 'now' }];
    await insertDialogue(db, {
      user_id: anna,
      latency_ms: 307,
      token_cost_jpy: 1.31,
      relevance_score: 0.71,
      citations: cited,
      user_feedback: 1,
    });
    await insertDialogue(db, {
      user_id: anna,
      latency_ms: 1_907,
      token_cost_jpy: 5.87,
      relevance_score: 0.93,
      citations: cited,
      user_feedback: -1,
    });
    await insertDialogue(db, { user_id: ben, latency_ms: 2_411, token_cost_jpy: null, relevance_score: null });
    await insertDialogue(db, {
      user_id: ben,
      latency_ms: 103,
      token_cost_jpy: 0,
      relevance_score: 0.87,
      outcome: 'no_answer',
    });
    await insertHistory(db.pool, dayOf(new Date()));
    const [row] = await db.query(
      `select percentile_cont(0.5) within group (order by latency_ms) / 1000 as p50,
         percentile_cont(0.95) within group (order by latency_ms) / 1000 as p95,
         avg(token_cost_jpy)::float8 as cost, avg(relevance_score)::float8 as relevance from ai_dialogue_log`,
    );

    await using opened = await openPage(browser, chat.origin, { javaScriptEnabled: false });
    const { page } = opened;
    await page.goto('/dashboard/metrics');
    const shown = async (id: string) => Number(await page.getByTestId(id).locator('data').getAttribute('value'));
    expect(await shown('citation-rate')).toBeCloseTo(2 / 3, 6);
    expect(await shown('latency-p50')).toBeCloseTo(row?.p50, 9);
    expect(await shown('latency-p95')).toBeCloseTo(row?.p95, 9);
    expect(await shown('cost-per-answer')).toBeCloseTo(row?.cost, 9);
    expect(await shown('relevance-score')).toBeCloseTo(row?.relevance, 9);
    expect(await shown('error-rate')).toBe(0);
    expect(await shownText(page.getByTestId('citation-rate'))).toMatch(
      /Breached\s+66\.7%\s+Target ≥ [\s\S]*70%[\s\S]*Review content sources/,
    );
    expect(await shownText(page.getByTestId('cost-per-answer'))).toMatch(
      /Met\s+¥2\.39\s+Target ≤ [\s\S]*¥3[\s\S]*3 of 4 answers have a price/,
    );
    expect((await shownText(page.getByTestId('totals'))).replace(/\s+/g, ' ')).toContain(
      'Answers 4 Of these, not found 1 Failures 0 Users 2 Valid citations 2 Cited sources 1 Votes 2 1 up, 1 down Total cost ¥7.18',
    );
  });

  test('a table and charts show the last 30 days, with gaps for days without data', async () => {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/dashboard/metrics');
    await page.locator('summary').focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('#days tr');
    expect(await rows.count()).toBe(30);
    const [slow] = await db.query(
      `select to_char(date, 'YYYY-MM-DD') as date, latency_p95_ms, total_queries from rag_metrics_history
       where latency_p95_ms > 3000`,
    );
    const text = await shownText(rows.filter({ has: page.locator(`[datetime="${slow?.date}"]`) }));
    expect(text).toContain(`${slow?.total_queries}`);
    expect(text).toMatch(/Breached[\s\S]*✕/);
    expect(text).toContain(`${(slow?.latency_p95_ms / 1_000).toFixed(2)} s ✕`);
    expect(await rows.filter({ hasText: 'not available' }).count()).toBe(1);
    expect(await rows.filter({ hasText: 'No data' }).count()).toBe(1);
    expect(await shownText(page.getByTestId('latency-p95'))).toContain('Met on 27 of 28 days with data');
    expect(await page.locator('.chart canvas').count()).toBe(testIds.length);
    await page.getByTestId('latency-p95').locator('.u-over').hover();
    expect(await shownText(page.getByTestId('latency-p95').locator('.chart-tooltip'))).toMatch(/: \d\.\d+ s · Met$/);
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });

  test('worst answers are listed by id and metrics without text, and the focus stays during updates', async () => {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.clock.install();
    await page.goto('/dashboard/metrics');
    const worst = page.getByTestId('worst-answers');
    const [first] = await db.query('select id, latency_ms from ai_dialogue_log where user_feedback = -1');
    expect(await worst.locator('tr[data-answer]').count()).toBe(3);
    expect(await shownText(worst.locator('tr[data-answer]').first())).toMatch(
      new RegExp(`▼ down[\\s\\S]*0.93[\\s\\S]*1.91 s[\\s\\S]*¥5.87[\\s\\S]*${first?.id}[\\s\\S]*not traced`),
    );
    const content = await page.content();
    for (const text of ['a question', 'an answer']) expect(content).not.toContain(text);
    expect(await shownText(page.getByTestId('alerts'))).toContain('Prometheus is not configured');
    expect(await shownText(page.getByTestId('sources'))).toMatch(/note[\s\S]*never checked[\s\S]*never[\s\S]*0/);
    await worst.locator('.scroll').focus();
    await insertDialogue(db, { latency_ms: 8_117, user_feedback: -1, relevance_score: 0.11 });
    await page.clock.runFor(15_000);
    await worst.getByText('8.12 s').waitFor();
    expect(await worst.locator('.scroll:focus').count()).toBe(1);
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });

  test('overspent budgets are labelled, and unknown budgets are not shown as zero', async () => {
    await using opened = await openPage(browser, chat.origin, { javaScriptEnabled: false });
    await opened.page.goto('/dashboard/metrics');
    const card = (id: string) => shownText(opened.page.getByTestId(id));
    expect(await card('error-rate')).toMatch(/Error budget: \d[\d.]*% of 30 days remaining|overspent by/);
    expect(await card('relevance-score')).toContain('No error budget: this objective is a mean');
    expect(await shownText(opened.page.getByTestId('budgets'))).toContain('computed from daily aggregates');
  });

  test('the printed page is dark on white, with the table expanded and nothing cut off', async () => {
    await using opened = await openPage(browser, chat.origin, {
      colorScheme: 'dark',
      viewport: { width: 794, height: 1123 },
    });
    const { page } = opened;
    await page.goto('/dashboard/metrics');
    await page.locator('.chart canvas').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('#days tr').first().isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Pause updates' }).isVisible()).toBe(false);
    expect(await scrollsSideways(page)).toBe(false);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await page.locator('#days tr').first().isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
  });

  test('a Prometheus that never responds does not delay the page', async () => {
    const silent = createServer(() => {});
    const listening = Promise.withResolvers<void>();
    silent.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    const { port } = silent.address() as AddressInfo;
    const other = await runChat(db.url, { PROMETHEUS_URL: `http://127.0.0.1:${port}` });
    await using opened = await openPage(browser, other.origin);
    await opened.page.goto('/dashboard/metrics', { waitUntil: 'commit' });
    expect(await shownText(opened.page.getByTestId('alerts'))).toMatch(/Waiting for Prometheus/);
    expect(await shownText(opened.page.getByTestId('budgets'))).toContain('Prometheus not connected');
    await other.close();
    silent.closeAllConnections();
    silent.close();
  });

  test.each([
    { width: 360, colorScheme: 'light', locale: 'ja-JP' },
    { width: 360, colorScheme: 'dark', locale: 'en-GB' },
    { width: 1280, colorScheme: 'light', locale: 'en-GB' },
    { width: 3840, colorScheme: 'dark', locale: 'ja-JP' },
  ] as const)('the page is readable at $width px, $colorScheme, in $locale', async ({ width, colorScheme, locale }) => {
    await using opened = await openPage(browser, chat.origin, {
      viewport: { width, height: 800 },
      colorScheme,
      locale,
    });
    const { page } = opened;
    await page.goto('/dashboard/metrics');
    await page.locator('summary').click();
    await page.locator('.chart canvas').first().waitFor();
    expect(await scrollsSideways(page)).toBe(false);
    // One width is enough: the rules check roles, names and colours.
    if (width === 360) expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
    expect(await shownText(page.getByTestId('slo-status'))).toContain(locale === 'ja-JP' ? '未達成' : 'breached');
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(16, 22, 29)' : 'rgb(244, 246, 248)');
    expect(opened.consoleErrors).toEqual([]);
  });

  test('the page reports an unavailable database, and marks its values as stale when an update fails', async () => {
    const { port, hostname } = new URL(db.url);
    const proxy = await tcpProxy({ host: hostname, port: Number(port) });
    const other = await runChat(db.url.replace(`:${port}/`, `:${proxy.port}/`));
    proxy.cut();
    await using opened = await openPage(browser, other.origin);
    const response = await opened.page.goto('/dashboard/metrics');
    expect(response?.status()).toBe(503);
    expect(await shownText(opened.page.getByRole('heading'))).toBe('Database unavailable');
    expect(await shownText(opened.page.locator('main'))).toContain('Check that PostgreSQL is running');
    await opened.page.getByRole('link', { name: 'Open the runbook' }).click();
    await opened.page.getByRole('heading', { name: 'RagDatabaseDown' }).waitFor();
    await other.close();
    await proxy.close();

    await using stale = await openPage(browser, chat.origin);
    await stale.page.clock.install();
    await stale.page.goto('/dashboard/metrics');
    await stale.page.route('**/dashboard/metrics', (route) => route.abort());
    await stale.page.clock.runFor(15_000);
    await stale.page.getByText('Update failed').waitFor();
  });
});
