/** GET /healthz and /readyz: whether the process lives, and whether it can take questions. */
import type { RequestHandler } from 'express';
import { Problem } from '../api/problem.ts';

/** Whether the database answers. `reason` is shown to whoever asks, so it names no host and no user. */
export type Ready = () => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;

/** Set once when the server begins to end. */
export type Drain = { begun: boolean };

const patienceMs = 2_000;

export const showHealth: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

export function showReadiness(ready: Ready, drain: Readonly<Drain>): RequestHandler {
  return async (_req, res) => {
    if (drain.begun) throw notReady('The server is shutting down.');
    const state = await withinPatience(ready);
    if (!state.ok) throw notReady(`Not ready: ${state.reason}.`);
    res.json({ status: 'ready' });
  };
}

function notReady(detail: string): Problem {
  return new Problem('not-ready', { detail, headers: { 'Retry-After': '5' } });
}

async function withinPatience(ready: Ready): ReturnType<Ready> {
  const late = Promise.withResolvers<Awaited<ReturnType<Ready>>>();
  const timer = setTimeout(() => late.resolve({ ok: false, reason: 'the database does not answer' }), patienceMs);
  try {
    return await Promise.race([ready(), late.promise]);
  } catch {
    return { ok: false, reason: 'the database is away' };
  } finally {
    clearTimeout(timer);
  }
}
