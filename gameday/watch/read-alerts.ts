/** Reads the current alerts of Prometheus and Alertmanager. */
import { z } from 'zod';
import type { HeldAlert, ListedAlert } from './timeline.ts';

const texts = z.record(z.string(), z.string());

const listed = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: texts,
        annotations: texts,
        state: z.enum(['pending', 'firing', 'inactive']),
        activeAt: z.iso.datetime({ offset: true }),
      }),
    ),
  }),
});

const held = z.array(z.object({ labels: texts, status: z.object({ state: z.string() }) }));

const timeoutMs = 10_000;

/** @throws {Error} where Prometheus does not reply, or its reply is invalid */
export async function readPrometheus(url: string): Promise<readonly ListedAlert[]> {
  const { data } = listed.parse(await read(`${url}/api/v1/alerts`));
  return data.alerts.flatMap(({ state, activeAt, ...alert }) =>
    state === 'inactive' ? [] : [{ ...alert, state, activeAt: Date.parse(activeAt) }],
  );
}

/** @throws {Error} where Alertmanager does not reply, or its reply is invalid */
export async function readAlertmanager(url: string): Promise<readonly HeldAlert[]> {
  return held
    .parse(await read(`${url}/api/v2/alerts?active=true&inhibited=true&silenced=true`))
    .map(({ labels, status }) => ({ labels, suppressed: status.state === 'suppressed' }));
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} returned ${response.status}`);
  return response.json();
}
