/** Opens a page in Chromium and records errors and external requests. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { testTimeouts } from '../kit/timeouts.ts';

export type OpenedPage = AsyncDisposable & {
  readonly page: Page;
  /** Console errors and warnings, including violations of the Content-Security-Policy, and uncaught errors. */
  readonly complaints: readonly string[];
  /** Requested URLs outside of the origin. */
  readonly strangers: readonly string[];
};

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options });
  context.setDefaultTimeout(testTimeouts.expect.poll.timeout);
  const complaints: string[] = [];
  const strangers: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) strangers.push(request.url());
  });
  return { page, complaints, strangers, [Symbol.asyncDispose]: () => context.close() };
}

/** Whether the page is wider than the viewport. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}

/** The rendered text: without hidden parts, with the line breaks of the layout. */
export function shownText(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is rendered is what is tested
  return locator.innerText();
}
