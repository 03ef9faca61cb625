import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleLearnerId } from '../../services/http/auth/development-token.ts';
import { insertDialogue } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { accessibilityFaults } from './check-accessibility.ts';
import { chromiumPath, noChromium, startChromium } from './chromium.ts';
import { openPage, scrollsSideways, shownText } from './open-page.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
const chat = await runChat(db.url);
if (chromiumPath === null) console.warn(noChromium);

async function answered(page: Page, query: string) {
  await page.locator('#answer-title', { hasText: query }).waitFor();
  const fact = (id: string) => shownText(page.getByTestId(id).locator('dd'));
  return { text: await shownText(page.getByTestId('answer-text')), fact };
}

describe.skipIf(chromiumPath === null)('the ask page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test('a user can ask, follow a citation mark, vote and remove the vote with the keyboard alone', async () => {
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/');
    expect(await shownText(page.locator('header'))).toContain('Signed in as sample learner');
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
    expect(await shownText(citations.first())).toContain('Verified: the quote was found in the source');
    expect(await fact('cost')).toBe('¥0');
    expect(await fact('latency')).toBe(`${row?.latency_ms} ms`);
    expect(await fact('relevance')).toBe(row?.relevance_score.toFixed(2));
    expect(await fact('cited')).toBe('100%');
    expect(await fact('license')).toBe('CC BY');
    expect(await shownText(page.locator('#history li').first())).toContain('What is RAG?');

    const focusOn = async (name: string) => {
      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await page.locator(':focus').getAttribute('aria-label')) === name) return;
        if ((await shownText(page.locator(':focus'))).endsWith(name)) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    const vote = async () =>
      (await db.query('select user_feedback from ai_dialogue_log where id = $1', [row?.id]))[0]?.user_feedback;
    await focusOn('Citation 1');
    await page.keyboard.press('Enter');
    expect(await page.locator(':target').getAttribute('id')).toBe('citation-1');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByText('Rated as not helpful.').waitFor();
    expect(await vote()).toBe(-1);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByText('Rated as helpful.').waitFor();
    expect([await vote(), await shownText(page.locator('[aria-pressed=true]'))]).toEqual([1, '▲ Helpful']);
    await page.keyboard.press('Space');
    await page.getByText('Rating removed.').waitFor();
    expect([await vote(), await page.locator('[aria-pressed=true]').count()]).toEqual([0, 0]);
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });

  test('a Japanese browser gets a Japanese page, and Enter during input composition does not send the question', async () => {
    await using opened = await openPage(browser, chat.origin, {
      locale: 'ja-JP',
      viewport: { width: 360, height: 740 },
    });
    const { page } = opened;
    await page.goto('/');
    await page.getByLabel('質問を入力してください').fill('検索拡張生成とは何ですか？');
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
    expect(await shownText(page.getByTestId('citation').first())).toContain('確認済み');
    expect(await fact('license')).toContain('表示');
    expect(await scrollsSideways(page)).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(opened.consoleErrors).toEqual([]);
  });

  test('a question without an answer is shown as not found, without citations', async () => {
    await using opened = await openPage(browser, chat.origin, { colorScheme: 'dark' });
    const { page } = opened;
    await page.goto('/');
    await page.getByLabel('Your question').fill('How do I bake sourdough bread?');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    const { fact } = await answered(page, 'How do I bake sourdough bread?');
    const article = await shownText(page.getByTestId('answer'));
    expect(article).toMatch(/Not found in the documents[\s\S]*This answer has no citations\./);
    expect(await fact('license')).toBe('no sources');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test.each([
    ['en-GB', 'What is an error budget?', /amount of failure that an SLO allows/],
    ['ja-JP', 'エラーバジェットとは何ですか？', /エラーバジェット/],
  ])('a page in %s offers example questions that the samples answer', async (locale, question, answer) => {
    await using opened = await openPage(browser, chat.origin, { locale });
    const { page } = opened;
    await page.goto('/');
    const examples = page.locator('#examples button');
    expect(await examples.count()).toBe(4);
    for (const text of await examples.allInnerTexts()) {
      await page.getByRole('button', { name: text, exact: true }).click();
      await answered(page, text);
      expect(await page.getByTestId('citation').count()).toBeGreaterThan(0);
    }
    await page.locator('#examples').getByRole('button', { name: question }).click();
    expect((await answered(page, question)).text).toMatch(answer);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(opened.consoleErrors).toEqual([]);
  });

  test('once other documents are stored, no example questions are offered', async () => {
    const other = await testDatabase();
    const service = await runChat(other.url);
    await using opened = await openPage(browser, service.origin);
    const { page } = opened;
    await page.goto('/');
    expect(await page.locator('#examples').count()).toBe(0);
    await ingestSampleDocuments(other.url);
    await page.reload();
    expect(await page.locator('#examples').count()).toBe(1);
    await other.query(
      "insert into provenance (content_id, content_type, source_uri) values (gen_random_uuid(), 'generated', 'https://example.com/a')",
    );
    await page.reload();
    expect(await page.locator('#examples').count()).toBe(0);
    await service.close();
  });

  test("the user's own questions are listed page by page, and each can be opened again with its vote", async () => {
    await db.query('truncate ai_dialogue_log cascade');
    for (let hour = 1; hour <= 11; hour += 1) {
      const created_at = new Date(Date.now() - hour * 3_600_000);
      const values = { query: `question ${hour}`, response: `answer ${hour}`, user_feedback: hour === 11 ? -1 : null };
      await insertDialogue(db, { ...values, created_at, user_id: sampleLearnerId });
    }
    await insertDialogue(db, { query: 'of another user' });
    await using opened = await openPage(browser, chat.origin);
    const { page } = opened;
    await page.goto('/');
    const questions = page.locator('#history .question');
    await questions.nth(7).waitFor();
    expect(await questions.count()).toBe(8);
    await page.getByRole('button', { name: 'Show older questions' }).press('Enter');
    await questions.nth(10).waitFor();
    expect(await questions.allInnerTexts()).toEqual(Array.from({ length: 11 }, (_, index) => `question ${index + 1}`));
    expect(await page.getByRole('button', { name: 'Show older questions' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'question 11' }).click();
    expect((await answered(page, 'question 11')).text).toBe('answer 11');
    expect(await shownText(page.locator('[aria-pressed=true]'))).toBe('▼ Not helpful');
    expect([opened.consoleErrors, opened.foreignRequests]).toEqual([[], []]);
  });
});
