import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createQueryPrometheus } from './query-prometheus.ts';

test('a truncated answer counts as unreachable, and the error contains no password', async () => {
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': '997' });
    res.write('{"status":"success",', () => res.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const query = createQueryPrometheus(`http://sre:50%25@127.0.0.1:${port}/prom`, new AbortController().signal);

  await expect(query('query', { query: 'up' })).rejects.toThrow(
    expect.objectContaining({
      name: 'PrometheusError',
      message: expect.stringMatching(`^http://127.0.0.1:${port} does not answer: `),
    }),
  );
  server.close();
});
