import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../services/chat/flow.ts';
import { ServiceFailure } from '../../services/failure/service-failure.ts';
import { mountPages } from '../../services/http/pages/mount.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { bearer, serveApp } from '../kit/programs/serve-app.ts';
import { tcpProxy } from '../kit/servers/tcp-proxy.ts';
import { accessibilityFaults } from './check-accessibility.ts';
import { chromiumPath, noChromium, startChromium } from './chromium.ts';
import { openPage, shownText } from './open-page.ts';

if (chromiumPath === null) console.warn(noChromium);

const unused = () => Promise.reject(new Error('this test does not open the metrics page'));

function serve(chat: Chat, embedded = true) {
  return serveApp({
    chat,
    history: async () => [],
    reserve: async ({ dialogueId }) => ({ state: 'new', dialogueId }),
    release: async () => {},
    settings: { embedded },
    pages: (router, context) =>
      mountPages(router, context, {
        hasOnlySamples: async () => false,
        overview: unused,
        worstAnswers: unused,
        sources: unused,
        serviceNames: unused,
        diagnoseService: unused,
        prometheusStatus: unused,
      }),
  });
}

async function ask(page: Page, query: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('textbox').fill(query);
  await page.keyboard.press('Enter');
}

describe.skipIf(chromiumPath === null)('the ask page with errors', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test('markup in questions, answers and sources is shown as text and never runs', async () => {
    const evil = '<img src="/x" onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>';
    await using app = await serve(async ({ query, onDelta }) => {
      onDelta?.(evil);
      const [citation] = answeredTurn().citations;
      if (citation === undefined) throw new Error('the turn has no citation');
      const place = { pageNumber: 7, startSeconds: 3_683, url: 'javascript:document.title="hacked"' };
      const citations = [{ ...citation, ...place, source: evil, excerpt: evil, valid: false }];
      return answeredTurn({
        query,
        answer: `${evil} [1] [2]`,
        citations,
        costJpy: null,
        relevanceScore: null,
        model: evil,
      });
    });
    await using opened = await openPage(browser, app.url);
    const { page } = opened;
    await ask(page, evil);
    await page.getByTestId('answer').waitFor();
    expect(await shownText(page.getByTestId('answer-text'))).toBe(`${evil} [1] [2]`);
    expect(await page.getByTestId('answer-text').locator('a').allInnerTexts()).toEqual(['[1]']);
    const citation = await shownText(page.getByTestId('citation'));
    expect(citation).toContain(evil);
    expect(citation).toMatch(/page 7 · 1:01:23 · [\s\S]*Not verified: the quote was not found in the source/);
    expect(await page.getByTestId('citation').locator('a').count()).toBe(0);
    expect(await page.locator('main img, main script:not([type="application/json"])').count()).toBe(0);
    expect(await page.title()).toBe('Ask · rag-observatory');
    expect(await shownText(page.getByTestId('cost'))).toMatch(/no price$/);
    expect(await shownText(page.getByTestId('relevance'))).toMatch(/not scored$/);
    expect(await shownText(page.getByTestId('withheld'))).toMatch(/2$/);
    expect(await shownText(page.getByTestId('trace-id'))).toContain('0123456789abcdef0123456789abcdef');
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });

  test('drafts are shown as they arrive and replaced by the recorded answer', async () => {
    const gate = Promise.withResolvers<void>();
    await using app = await serve(async ({ query, onDelta }) => {
      onDelta?.('A first');
      onDelta?.(' draft');
      await gate.promise;
      return answeredTurn({ query, answer: 'The recorded answer. [1]' });
    });
    await using opened = await openPage(browser, app.url);
    await ask(opened.page, 'What?');
    await opened.page.getByText('A first draft', { exact: true }).waitFor();
    expect(await shownText(opened.page.locator('article'))).toContain('Draft, not recorded yet');
    gate.resolve();
    await opened.page.getByTestId('answer').waitFor();
    expect(await shownText(opened.page.locator('article'))).not.toContain('draft');
  });

  test('when the model is unavailable, the page says so, discards the draft and keeps the question', async () => {
    let calls = 0;
    await using app = await serve(async ({ query, onDelta }) => {
      calls += 1;
      onDelta?.('half an answer');
      if (calls === 1) throw new ServiceFailure('model_unavailable', 'connection refused', {});
      return answeredTurn({ query });
    });
    await using opened = await openPage(browser, app.url);
    const { page } = opened;
    await ask(page, 'What is RAG?');
    await page.getByRole('alert').getByText('Model unavailable').waitFor();
    expect(await shownText(page.getByRole('alert'))).toContain(
      'The language model is unavailable, so no answer was generated.',
    );
    expect(await page.getByText('half an answer').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByTestId('answer').waitFor();
    expect(await shownText(page.getByRole('alert'))).toBe('');
    expect(await page.getByRole('textbox').inputValue()).toBe('');
  });

  test.each([
    ['en-GB', 'The answer is truncated: the model reached its length limit.', 'Content filtered'],
    ['ja-JP', '回答は途中で切れています。', 'コンテンツフィルターによりブロックされました'],
  ])('a truncated answer and a rejected question are explained in %s', async (locale, truncated, filtered) => {
    await using app = await serve(async ({ query }) => {
      if (query === 'a') throw new ServiceFailure('content_filtered', 'blocked', {});
      return answeredTurn({ query, finishReason: query === 'b' ? 'length' : 'stop' });
    });
    await using opened = await openPage(browser, app.url, { locale });
    const { page } = opened;
    await ask(page, 'a');
    await page.getByRole('alert').getByText(filtered).waitFor();
    await ask(page, 'b');
    await page.getByTestId('answer').waitFor();
    expect(await shownText(page.getByTestId('answer'))).toContain(truncated);
    expect(await accessibilityFaults(page)).toEqual([]);
    await ask(page, 'c');
    await page.getByTestId('answer').waitFor();
    expect(await shownText(page.getByTestId('answer'))).not.toContain(truncated);
  });

  test('an interrupted response is reported, and repeating the question sends the same key', async () => {
    const keys: (string | undefined)[] = [];
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    let calls = 0;
    await using app = await serve(async ({ query, onDelta }) => {
      calls += 1;
      if (calls > 1) return answeredTurn({ query });
      onDelta?.('half');
      start();
      return new Promise(() => {});
    });
    const proxy = await tcpProxy({ host: '127.0.0.1', port: app.port });
    await using opened = await openPage(browser, `http://127.0.0.1:${proxy.port}`);
    const { page } = opened;
    page.on('request', (request) => {
      if (request.url().endsWith('/api/ai/chat')) keys.push(request.headers()['idempotency-key']);
    });
    await ask(page, 'What?');
    await started;
    await page.getByText('half', { exact: true }).waitFor();
    proxy.cut();
    proxy.restore();
    await page.getByRole('alert').getByText('The response was interrupted').waitFor();
    await page.getByRole('textbox').press('Enter');
    await page.getByTestId('answer').waitFor();
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), keys[0]]);
    await proxy.close();
  });

  test('stopping a question cancels it on the server', async () => {
    const { promise: cancelled, resolve: cancel } = Promise.withResolvers<void>();
    await using app = await serve(({ signal, onDelta }) => {
      onDelta?.('a long story');
      signal.addEventListener('abort', () => cancel());
      return new Promise(() => {});
    });
    await using opened = await openPage(browser, app.url);
    const { page } = opened;
    await ask(page, 'What?');
    await page.getByText('a long story').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await cancelled;
    await page.getByText('Stopped.').waitFor();
    expect(await page.locator('article').count()).toBe(0);
    expect(await page.getByRole('textbox').inputValue()).toBe('What?');
  });

  test.each([true, false])(
    'without a token the sign-in form is shown, rejects an invalid token and continues with a valid one (scripts: %s)',
    async (javaScriptEnabled) => {
      await using app = await serve(async ({ query }) => answeredTurn({ query }), false);
      await using opened = await openPage(browser, app.url, { javaScriptEnabled });
      const { page } = opened;
      expect((await page.goto('/'))?.status()).toBe(401);
      if (javaScriptEnabled) {
        expect(await accessibilityFaults(page)).toEqual([]);
        await page.getByLabel('Token', { exact: true }).fill('nonsense');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').getByText('token').waitFor();
      }
      const { authorization } = await bearer({ email: 'anna@example.com' });
      await page.getByLabel('Token', { exact: true }).fill(authorization.slice('Bearer '.length));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Ask a question' }).waitFor();
      expect(await shownText(page.locator('header'))).toContain('Signed in as anna@example.com');
      if (!javaScriptEnabled) return;
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in with a token' }).waitFor();
    },
  );
});
