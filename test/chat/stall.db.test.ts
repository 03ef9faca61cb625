import { expect, test } from 'vitest';
import { openNetwork } from '../faults/network.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';

const db = await testDatabase();

test('a database that does not reply causes errors within seconds, and is used again when it replies', {
  timeout: 120_000,
}, async () => {
  const { hostname, port } = new URL(db.url);
  const network = await openNetwork({ host: hostname, port: Number(port) });
  const through = new URL(db.url);
  through.port = String(network.port);
  const chat = await runChat(through.href);
  const token = await chat.token();
  expect((await chat.ask({ query: 'What is RAG?' }, { token })).status).toBe(200);
  network.stall();
  const begun = performance.now();
  const [refused, unready] = await Promise.all([
    chat.ask({ query: 'What is RAG?' }, { token }),
    fetch(`${chat.origin}/readyz`),
  ]);
  for (const response of [refused, unready]) {
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(performance.now() - begun).toBeLessThan(15_000);
  network.restore();
  await expect.poll(async () => (await fetch(`${chat.origin}/readyz`)).status).toBe(200);
  expect((await chat.ask({ query: 'What is RAG?' }, { token })).status).toBe(200);
  await chat.close();
  await network.close();
});
