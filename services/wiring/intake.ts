/** Assembles what records the turns of other applications. REST and OTLP share it. */
import type { Price } from '../chat/price.ts';
import type { Score } from '../chat/score.ts';
import type { AnsweredTurn, FailedTurn, Turn } from '../chat/turn.ts';
import { remember } from '../http/auth/remember.ts';
import { groupCalls } from '../intake/group-calls.ts';
import { createRecordExternalTurn } from '../intake/record-turn.ts';
import type { ServiceSettings } from '../intake/service.ts';
import { usageOf } from '../llm/usage.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { orUnavailable } from '../postgres/client/errors.ts';
import { insertFailure } from '../postgres/dialogues/failures.ts';
import { ensureExternalUsers } from '../postgres/intake/external-users.ts';
import { createSettleTurn, type Vote, voteOnTurn } from '../postgres/intake/feedback.ts';
import { createLookUpDocuments } from '../postgres/intake/look-up-documents.ts';
import { putServiceDocuments } from '../postgres/intake/service-documents.ts';
import { findServiceKey, markKeyUsed } from '../postgres/intake/service-keys.ts';
import { findService, readServiceNames } from '../postgres/intake/services.ts';

/** A changed setting holds after this time on every server. */
const settingsLifetimeMs = 5_000;
const userLifetimeMs = 60_000;
const rememberedUsers = 20_000;
/** A scrape or two after a service was added on another server. */
const serviceListMs = 30_000;

export type IntakeDeps = {
  /** As `rag_app`, pipelined. */
  readonly pool: Pool;
  /** As `rag_recorder`. */
  readonly failurePool: Pool;
  readonly record: (turn: AnsweredTurn) => Promise<void>;
  readonly price: Price;
  readonly score: Score;
  readonly measureTurn: (turn: Turn, service: string) => void;
  readonly measureVote: (vote: Vote, service: string) => void;
  /** Creates the series of a service at zero. May be called again. */
  readonly startService: (service: string) => void;
  readonly commercialUse: boolean;
  readonly clock: () => number;
  readonly now: () => Date;
};

export function createIntake(deps: IntakeDeps) {
  const { pool, clock } = deps;
  const settings = remember<ServiceSettings | null>({ lifetimeMs: settingsLifetimeMs, capacity: 1_000, clock });
  const users = remember<'there'>({ lifetimeMs: userLifetimeMs, capacity: rememberedUsers, clock });
  const vote = async (given: { service: string; reference: string; vote: Vote }) => {
    const state = await voteOnTurn(pool, given);
    deps.measureVote(given.vote, given.service);
    return state;
  };
  const readService = async (name: string) => {
    const known = settings.get(name);
    if (known !== undefined) return known;
    const found = await orUnavailable(findService(pool, name));
    settings.set(name, found);
    return found;
  };
  const settle = createSettleTurn(pool);
  const ensureUser = groupCalls(
    () => '',
    async (_key, ids: readonly string[]) => {
      const ensured = await ensureExternalUsers(pool, [...new Set(ids)]);
      return ids.map(() => ensured);
    },
  );
  const recordTurn = createRecordExternalTurn({
    ...deps,
    observe: deps.measureTurn,
    findService: readService,
    lookUp: createLookUpDocuments(pool, deps),
    ensureUser: async (userId) => {
      if (users.get(userId) !== undefined) return 'there';
      const ensured = await ensureUser(userId);
      if (ensured === 'there') users.set(userId, ensured);
      return ensured;
    },
    forgetUser: users.forget,
    recordFailure: (turn: FailedTurn) => orUnavailable(insertFailure(deps.failurePool, turn)),
    settle: (service, id, references) => settle({ service, id, references }),
    vote: (service, reference, given) => vote({ service, reference, vote: given }),
  });
  // A counter that appears with its first event hides that event from Prometheus, so services are known before their first turn.
  const startServices = () =>
    readServiceNames(pool).then(
      (names) => names.forEach(deps.startService),
      () => {},
    );
  startServices();
  const timer = setInterval(startServices, serviceListMs).unref();

  return {
    close: () => clearInterval(timer),
    recordTurn,
    findService: readService,
    voteOnTurn: vote,
    readUsage: (usage: Readonly<Record<string, unknown>>) => usageOf({ usage }),
    putDocuments: async (service: string, documents: Parameters<typeof putServiceDocuments>[2]) => {
      if ((await orUnavailable(findService(pool, service))) === null) return false;
      await putServiceDocuments(pool, service, documents);
      settings.forget(service);
      return true;
    },
    forgetExternalUser: users.forget,
    findServiceKey: async (sha256: Buffer) => {
      const found = await orUnavailable(findServiceKey(pool, sha256));
      if (found === null) return null;
      // Only for lists of keys: a request does not fail because of it.
      markKeyUsed(pool, found.id).catch(() => {});
      return { service: found.service, keyId: found.id, requestsPerMinute: found.requestsPerMinute };
    },
  };
}
