import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleLearnerId } from '../../services/http/auth/development-token.ts';
import { runChat, takeInSampleMaterials } from '../kit/chat-service.ts';
import { testDatabase } from '../kit/database.ts';
import { insertDialogue } from '../kit/fixtures.ts';
import { accessibilityFaults } from './check-accessibility.ts';
import { chromiumPath, noChromium, startChromium } from './chromium.ts';
import { openPage, scrollsSideways, shownText } from './open-page.ts';

const db = await testDatabase();
await takeInSampleMaterials(db.url);
const chat = await runChat(db.url);
if (chromiumPath === null) console.warn(noChromium);

async function answered(page: Page, query: string) {
  await page.locator('#answer-title', { hasText: query }).waitFor();
  const fact = (id: string) => shownText(page.getByTestId(id).locator('dd'));
  return { text: await shownText(page.getByTestId('answer-text')), fact };
}

describe.skipIf(chromiumPath === null)('the page that asks', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test('with the keyboard alone a person asks, follows a mark to its citation, votes and takes the vote back', async () => {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/');
    expect(await shownText(page.locator('header'))).toContain('Signed in as the sample learner');
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
    await page.keyboard.type('What is RAG?');
    await page.keyboard.press('Enter');
    const { text, fact } = await answered(page, 'What is RAG?');

    const [row] = await db.query('select * from ai_dialogue_log order by created_at desc limit 1');
    expect(row).toMatchObject({ query: 'What is RAG?', response: text, user_id: sampleLearnerId });
    const citations = page.getByTestId('citation');
    expect(await citations.count()).toBe(row?.citations.length);
    expect(await shownText(citations.first())).toContain(row?.citations[0].source);
    expect(await shownText(citations.first())).toContain(row?.citations[0].excerpt);
    expect(await shownText(citations.first())).toContain('Valid: the quoted text stands in the source');
    expect(await fact('cost')).toBe('¥0');
    expect(await fact('latency')).toBe(`${row?.latency_ms} ms`);
    expect(await fact('relevance')).toBe(row?.relevance_score.toFixed(2));
    expect(await fact('cited')).toBe('100%');
    expect(await fact('license')).toBe('CC BY');
    expect(await shownText(page.locator('#past li').first())).toContain('What is RAG?');

    const focusOn = async (name: string) => {
      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await page.locator(':focus').getAttribute('aria-label')) === name) return;
        if ((await shownText(page.locator(':focus'))).endsWith(name)) return;
      }
      throw new Error(`Tab never comes to ${name}`);
    };
    const vote = async () =>
      (await db.query('select user_feedback from ai_dialogue_log where id = $1', [row?.id]))[0]?.user_feedback;
    await focusOn('Citation 1');
    await page.keyboard.press('Enter');
    expect(await page.locator(':target').getAttribute('id')).toBe('citation-1');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByText('Voted: not helpful.').waitFor();
    expect(await vote()).toBe(-1);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByText('Voted: helpful.').waitFor();
    expect([await vote(), await shownText(page.locator('[aria-pressed=true]'))]).toEqual([1, '▲ Helpful']);
    await page.keyboard.press('Space');
    await page.getByText('Vote withdrawn.').waitFor();
    expect([await vote(), await page.locator('[aria-pressed=true]').count()]).toEqual([0, 0]);
    expect([opened.complaints, opened.strangers]).toEqual([[], []]);
  });

  test('a Japanese browser gets a Japanese page, and Enter that ends a composition asks nothing', async () => {
    await using opened = await openPage(browser, chat.origin, {
      locale: 'ja-JP',
      viewport: { width: 360, height: 740 },
    });
    const { page } = opened;
    await page.goto('/');
    await page.getByLabel('質問', { exact: true }).fill('検索拡張生成とは何ですか？');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    for (const event of ['isComposing: true', 'keyCode: 229']) {
      await page.evaluate(
        `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, ${event} }))`,
      );
    }
    await page.keyboard.press('Shift+Enter');
    expect(sent).toEqual([]);
    await page.keyboard.press('Enter');
    const { text, fact } = await answered(page, '検索拡張生成とは何ですか？');
    expect(sent.filter((url) => url.endsWith('/api/ai/chat'))).toHaveLength(1);
    expect(text).toMatch(/検索.*\[1\]/);
    expect(await shownText(page.getByTestId('citation').first())).toContain('有効');
    expect(await fact('license')).toContain('表示');
    expect(await scrollsSideways(page)).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test('a question without an answer is told so, without citations', async () => {
    await using opened = await openPage(browser, chat.origin, { colorScheme: 'dark' });
    const { page } = opened;
    await page.goto('/');
    await page.getByLabel('Your question').fill('How do I bake sourdough bread?');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    const { fact } = await answered(page, 'How do I bake sourdough bread?');
    const article = await shownText(page.getByTestId('answer'));
    expect(article).toMatch(/Not found in the materials[\s\S]*This answer cites nothing\./);
    expect(await fact('license')).toBe('no sources');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('own questions come back a page at a time, and each can be opened again with its vote', async () => {
    await db.query('truncate ai_dialogue_log cascade');
    for (let hour = 1; hour <= 11; hour += 1) {
      const created_at = new Date(Date.now() - hour * 3_600_000);
      const values = { query: `question ${hour}`, response: `answer ${hour}`, user_feedback: hour === 11 ? -1 : null };
      await insertDialogue(db, { ...values, created_at, user_id: sampleLearnerId });
    }
    await insertDialogue(db, { query: 'of somebody else' });
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/');
    const questions = page.locator('#past .question');
    await questions.nth(7).waitFor();
    expect(await questions.count()).toBe(8);
    await page.getByRole('button', { name: 'Older questions' }).press('Enter');
    await questions.nth(10).waitFor();
    expect(await questions.allInnerTexts()).toEqual(Array.from({ length: 11 }, (_, index) => `question ${index + 1}`));
    expect(await page.getByRole('button', { name: 'Older questions' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'question 11' }).click();
    expect((await answered(page, 'question 11')).text).toBe('answer 11');
    expect(await shownText(page.locator('[aria-pressed=true]'))).toBe('▼ Not helpful');
    expect([opened.complaints, opened.strangers]).toEqual([[], []]);
  });
});
