import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { openEventStream } from './event-stream.ts';

test('an idle stream sends comments, so that proxies keep the connection open', async () => {
  const app = express().get('/', (_req, res) => {
    openEventStream(res, 5);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toMatch(/^: .*\n\n/);
  await reader.cancel();
  server.closeAllConnections();
  server.close();
});
