/** A thread of callers, each of which sends its next turns as soon as the last ones are answered. */
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { sampleBody } from './sample-turn.ts';

export type CallerRequest = {
  readonly url: string;
  readonly key: string;
  readonly callers: number;
  /** Turns of one request. */
  readonly list: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
};

/** Turns that were answered within the measured time, and requests that were not answered with 200. */
export type CallerResult = { readonly turns: number; readonly refused: number };

const { url, key, callers, list, warmUpMs, measuredMs } = workerData as CallerRequest;
const agent = new Agent({ keepAlive: true, maxSockets: callers });
const startedAt = performance.now();
const from = startedAt + warmUpMs;
const end = from + measuredMs;
let turns = 0;
let refused = 0;
let sent = 0;

await Promise.all(
  Array.from({ length: callers }, async () => {
    while (performance.now() < end) {
      const bodies = Array.from({ length: list }, () => ({
        ...sampleBody(),
        id: `${startedAt}-${sent++}`,
        user: `u${sent % 100}`,
      }));
      const status = await post(JSON.stringify(list === 1 ? bodies[0] : bodies));
      if (status !== 200) refused += 1;
      const answered = performance.now();
      if (status === 200 && answered >= from && answered <= end) turns += list;
    }
  }),
);
agent.destroy();
parentPort?.postMessage({ turns, refused } satisfies CallerResult);

function post(body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sending.on('error', reject).end(body);
  });
}
