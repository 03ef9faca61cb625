/** GET /healthz and GET /readyz: liveness and readiness. */
import pTimeout from 'p-timeout';
import { z } from 'zod';
import type { CheckedResult } from '../../failure/check.ts';
import { Problem } from '../api/problem.ts';
import { defineRoute } from '../define-route.ts';

/** Whether the database answers. `reason` is public: it contains no host and no user. */
export type Ready = () => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;

/** Set once, when shutdown begins. */
export type Drain = { begun: boolean };

const timeoutMs = 2_000;

export const readHealth = defineRoute({
  id: 'readHealth',
  method: 'get',
  path: '/healthz',
  access: 'public',
  summary: 'Check that the process is alive',
  response: z.object({ status: z.literal('ok') }),
  problems: [],
  handler: async () => ({ status: 'ok' as const }),
});

const checkedResult = z.object({
  name: z.string().meta({ description: 'What was checked: the model, the identity provider.' }),
  state: z.enum(['ok', 'failed', 'off']).meta({ description: '`off`: not configured.' }),
  detail: z.string(),
  fix: z.string().optional().meta({ description: 'What the operator does about a failure.' }),
});

export type ReadChecks = () => Promise<readonly CheckedResult[]>;

export const readReadiness = defineRoute({
  id: 'readReadiness',
  method: 'get',
  path: '/readyz',
  access: 'public',
  summary: 'Check that the server accepts questions',
  query: z.object({
    verbose: z.string().optional().meta({
      description: 'Present: also report the last checks of what answers depend on. They never change the status.',
    }),
  }),
  response: z.object({ status: z.literal('ready'), checks: z.array(checkedResult).optional() }),
  problems: ['not-ready'],
  async handler({ query: { verbose } }, deps: ReadinessDependencies) {
    const { ready, drain, checks } = deps;
    if (drain.begun) throw notReady('The server is shutting down.');
    const state = await checkReady(ready);
    if (!state.ok) throw notReady(`Not ready: ${state.reason}.`);
    const isVerbose = verbose !== undefined && !['false', '0'].includes(verbose);
    return { status: 'ready' as const, ...(isVerbose && { checks: [...(await checks())] }) };
  },
});

type ReadinessDependencies = {
  readonly ready: Ready;
  readonly drain: Readonly<Drain>;
  readonly checks: ReadChecks;
};

function notReady(detail: string): Problem {
  return new Problem('not-ready', { detail, headers: { 'Retry-After': '5' } });
}

/** The check that is running, for each server: any number of requests asks the database once. */
const running = new WeakMap<Ready, ReturnType<Ready>>();

function checkReady(ready: Ready): ReturnType<Ready> {
  const check = running.get(ready) ?? checkOnce(ready).finally(() => running.delete(ready));
  running.set(ready, check);
  return check;
}

async function checkOnce(ready: Ready): ReturnType<Ready> {
  try {
    return await pTimeout(ready(), {
      milliseconds: timeoutMs,
      fallback: () => ({ ok: false, reason: 'the database does not respond' }) as const,
    });
  } catch {
    return { ok: false, reason: 'the database is unavailable' };
  }
}
