/** Receives spans of other applications, and assembles them in the background. Every chat server does both. */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ServiceFailure } from '../failure/service-failure.ts';
import { createRefusals } from '../intake/doctor/refusals.ts';
import type { RecordExternalTurn } from '../intake/external-turn.ts';
import { TurnRefused } from '../intake/external-turn.ts';
import { createMaskText, type MaskText } from '../intake/mask-texts.ts';
import type { ServiceSettings } from '../intake/service.ts';
import { assembleDue, type GroupsWork } from '../intake/spans/assemble-pending.ts';
import { longestWaitMs } from '../intake/spans/complete-group.ts';
import { type Received, receiveLogs, receiveSpans } from '../intake/spans/pending.ts';
import type { LogEvent, Span } from '../intake/spans/span.ts';
import { createWaitingGroups, type DueGroup } from '../intake/spans/waiting-groups.ts';
import { describeError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { orUnavailable } from '../postgres/client/errors.ts';
import { inTransaction } from '../postgres/client/transaction.ts';
import {
  findReportedElsewhere,
  insertAssembled,
  purgeAssembled,
  readKnownTurns,
} from '../postgres/intake/assembled-turns.ts';
import {
  countPending,
  deletePending,
  findDueGroups,
  insertPending,
  lockGroups,
  purgePending,
} from '../postgres/intake/pending-spans.ts';
import { addRefused, purgeRefused } from '../postgres/intake/refused-requests.ts';
import { measurePendingSpans, measureSpans, measureTrace } from '../telemetry/metrics/measure-intake.ts';
import { assembledAtOnce } from './chat-pools.ts';

/** Requests that are decoded at once: each may hold 16 MiB. */
const running = 4;
/** Requests that wait for their turn; further ones get 503 with Retry-After. */
const waiting = 64;
/** Spans in the table above which new ones get 503: about a gigabyte. */
const pendingLimit = 200_000;
/** Groups that are looked at in one round. */
const groupsPerRound = 500;
const longestPauseMs = 1_000;
const purgeEveryMs = 60_000;

export type SpanIntakeDeps = {
  /** As `rag_recorder`. */
  readonly pool: Pool;
  /** As `rag_recorder`, with as many connections as traces are assembled at once. */
  readonly assemblyPool: Pool;
  readonly quietMs: number;
  readonly record: RecordExternalTurn;
  readonly findService: (name: string) => Promise<ServiceSettings | null>;
  readonly now: () => Date;
  readonly clock: () => number;
  readonly log: Log;
};

export function createSpanIntake(deps: SpanIntakeDeps) {
  const { pool, clock, log } = deps;
  const limit = pLimit(running);
  const refusals = createRefusals();
  const waitingGroups = createWaitingGroups(clock);
  let pending: number | null = null;

  async function receive(
    { service, path, refused }: { service: string; path: string; refused: number },
    read: (mask: MaskText) => Received,
  ): Promise<void> {
    if (pending !== null && pending > pendingLimit) {
      throw new ServiceFailure('overloaded', `${pending} spans wait for assembly`, { retryAfterSeconds: 30 });
    }
    const settings = await deps.findService(service);
    if (settings === null) throw new TurnRefused('unknown_service', `no service is named ${service}`);
    const { items, foreign } = read(createMaskText(settings.masks));
    const stored = await orUnavailable(insertPending(pool, service, items));
    measureSpans(service, 'received', stored + foreign + refused);
    measureSpans(service, 'foreign', foreign);
    measureSpans(service, 'refused', refused);
    if (foreign > 0 && items.every(({ isAi }) => !isAi)) {
      refusals.note({ service, keyPrefix: '', path, reason: 'no_ai_spans' });
    }
  }

  async function assembleUntil(signal: AbortSignal): Promise<void> {
    let purgedAt = Number.NEGATIVE_INFINITY;
    const pauseMs = Math.min(longestPauseMs, Math.max(50, deps.quietMs / 4));
    while (!signal.aborted) {
      try {
        await assembleDue(assembly, assembledAtOnce, (error) =>
          log.warn(describeError(error), 'could not assemble a turn; it is tried again'),
        );
        const counted = await countPending(pool);
        pending = [...counted.values()].reduce((sum, count) => sum + count, 0);
        measurePendingSpans(pending);
        await addRefused(pool, refusals.take());
        if (clock() - purgedAt >= purgeEveryMs) {
          await purge();
          purgedAt = clock();
        }
      } catch (error) {
        log.warn(describeError(error), 'could not assemble turns; the next round tries again');
      }
      await pause(pauseMs, signal);
    }
  }

  async function purge(): Promise<void> {
    for (const [service, spans] of await purgePending(pool)) measureSpans(service, 'expired', spans);
    await purgeAssembled(pool);
    await purgeRefused(pool);
  }

  const assembly = {
    quietMs: deps.quietMs,
    now: deps.now,
    findDue: () =>
      findDueGroups(pool, {
        quietMs: deps.quietMs,
        longestMs: longestWaitMs,
        except: waitingGroups.current(),
        limit: groupsPerRound,
      }),
    postpone: waitingGroups.add,
    inGroups: <T>(due: readonly DueGroup[], work: (groups: GroupsWork) => Promise<T>) =>
      inTransaction(deps.assemblyPool, async (client) => {
        const locked = await lockGroups(client, due);
        const knownTurns = await readKnownTurns(client, locked);
        return work({
          locked,
          knownTurns,
          reportedElsewhere: (turns) => findReportedElsewhere(client, turns),
          insertAssembled: (turns) => insertAssembled(client, turns),
          deletePending: (groups) => deletePending(client, groups),
        });
      }),
    record: deps.record,
    count: { spans: measureSpans, trace: measureTrace },
  };

  const stop = new AbortController();
  const done = assembleUntil(stop.signal);

  return {
    receiveSpans: (service: string, spans: readonly Span[], refused: number) =>
      receive({ service, path: '/v1/traces', refused }, (mask) => receiveSpans(spans, mask)),
    receiveLogs: (service: string, events: readonly LogEvent[], refused: number) =>
      receive({ service, path: '/v1/logs', refused }, (mask) => receiveLogs(events, mask)),
    limitExports: <T>(run: () => Promise<T>): Promise<T> => {
      if (limit.pendingCount >= waiting) {
        throw new ServiceFailure('overloaded', 'too many exports of spans wait', { retryAfterSeconds: 1 });
      }
      return limit(run);
    },
    noteRefusal: refusals.note,
    /** Ends after the group that is being assembled. */
    close: async () => {
      stop.abort();
      await done;
    },
  };
}

/** Ends early when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
