/** Opens a page in Chromium and remembers whatever a good page never does. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** What a page waits for while other programs use the machine, too. */
const timeoutMs = 30_000;

export type OpenedPage = AsyncDisposable & {
  readonly page: Page;
  /** Errors and warnings of the console (breaches of the Content-Security-Policy are among them), uncaught errors. */
  readonly complaints: readonly string[];
  /** Addresses outside of the origin that the page asked for. */
  readonly strangers: readonly string[];
};

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options });
  context.setDefaultTimeout(timeoutMs);
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

/** Whether the page is wider than the window. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}

/** The text as a person sees it: without what is hidden, with the line breaks of the layout. */
export function shownText(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is rendered is what is tested
  return locator.innerText();
}
