/** A running chat service with a service of its own, for tests that send turns of another application. */
import { createServiceAdmin } from '../../services/wiring/service-admin.ts';
import type { TestDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';

/** The keys of `POST /api/turns` and its neighbours, called as an application calls them. */
export async function runIntake(db: TestDatabase, env: Record<string, string> = {}) {
  const chat = await runChat(db.url, env);
  const admin = createServiceAdmin(db.pool);
  const addService = async (name: string) => {
    const added = await admin.add(name);
    if (added === 'exists') throw new Error(`${name} exists`);
    return added.key;
  };
  async function call(method: string, path: string, key: string | null, body?: unknown) {
    const response = await fetch(`${chat.origin}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json$/.test(response.headers.get('content-type')?.split(';')[0] ?? '');
    return { status: response.status, json: isJson ? JSON.parse(text) : null, text };
  }
  return { chat, admin, addService, call };
}

/** The turn that was captured from every instrumentation: a Japanese question about returns. */
export const returnsTurn = {
  question: '未開封の商品はいつまで返品できますか？',
  answer: '未開封の商品は到着から14日以内であれば返品できます[1]。返金は5営業日以内に処理されます[3]。',
  documents: [
    {
      id: 'policy-returns',
      text: '返品は商品到着から14日以内に限り、未開封の商品について受け付けます。',
      title: '返品規約',
      license: 'CC-BY-4.0',
    },
    { id: 'policy-shipping', text: '送料は全国一律500円です。', title: '送料', license: 'MIT' },
    {
      id: 'policy-refunds',
      text: '返金は返品の受領後5営業日以内に処理されます。',
      title: '返金',
      license: 'CC-BY-SA-4.0',
    },
  ],
  model: 'gpt-4o-mini',
  usage: { promptTokens: 187, completionTokens: 41, cachedPromptTokens: 64 },
  latencyMs: 1234,
};
