/** Opens a page in Chromium and collects errors, warnings and requests to other origins. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** What a page waits for while other programs use the machine, too. */
const timeoutMs = 30_000;

export type OpenedPage = AsyncDisposable & {
  readonly page: Page;
  /** Console errors and warnings, including violations of the Content-Security-Policy, and uncaught errors. */
  readonly consoleErrors: readonly string[];
  /** Requested URLs of other origins. */
  readonly foreignRequests: readonly string[];
};

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options });
  context.setDefaultTimeout(timeoutMs);
  const consoleErrors: string[] = [];
  const foreignRequests: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) foreignRequests.push(request.url());
  });
  return { page, consoleErrors, foreignRequests, [Symbol.asyncDispose]: () => context.close() };
}

/** Whether the page is wider than the viewport. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}

/** The visible text, with the line breaks of the layout. */
export function shownText(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: the test checks the rendered text
  return locator.innerText();
}
