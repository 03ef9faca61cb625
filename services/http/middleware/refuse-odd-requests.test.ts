import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { serveApp } from '../../../test/kit/programs/serve-app.ts';

async function sendRaw(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  await once(socket, 'close');
  return text;
}

test.each([
  ['two Host lines', ['Host: localhost', 'Host: evil.example']],
  ['two equal Host lines', ['Host: localhost', 'Host: localhost']],
  ['Content-Length beside Transfer-Encoding', ['Host: localhost', 'Content-Length: 3', 'Transfer-Encoding: chunked']],
  ['two lengths', ['Host: localhost', 'Content-Length: 3', 'Content-Length: 4']],
  ['no Host', []],
])('%s are refused, because a proxy in front may read them differently', async (_what, headers) => {
  await using app = await serveApp();
  expect(await sendRaw(app.port, ['GET /healthz HTTP/1.1', ...headers, 'Connection: close'])).toMatch(
    /^HTTP\/1.1 400 /,
  );
});

test('a path or a header with a line break or a terminal sequence does not reach the log', async () => {
  await using app = await serveApp();
  const path = '/api/%0d%0aFORGED/%1b[31m';
  await sendRaw(app.port, [`GET ${path} HTTP/1.1`, 'Host: x', 'User-Agent: FORGED-agent', 'Connection: close']);
  await expect.poll(() => app.log.length).toBe(1);
  expect(JSON.stringify(app.log)).not.toMatch(/FORGED|31m/);
});
