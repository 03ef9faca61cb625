/** The path of an external turn: look up → mask → cite → price → score → record → count. REST and OTLP end here. */
import { randomBytes } from 'node:crypto';
import type { Price } from '../chat/price.ts';
import type { Score } from '../chat/score.ts';
import type { AnsweredTurn, ExternalOrigin, FailedTurn, Turn } from '../chat/turn.ts';
import { outcomeOf, ServiceFailure } from '../failure/service-failure.ts';
import { mostRestrictive } from '../provenance/license.ts';
import { citeExternal, type ExternalCited, type KnownDocument, passageOf } from './cite-external.ts';
import type { ExternalDocument, ExternalTurn, ExternalTurnRecord, RecordExternalTurn } from './external-turn.ts';
import { TurnRefused } from './external-turn.ts';
import { failureOfError } from './failure-of-error.ts';
import { finishReasonOf } from './finish-reason.ts';
import { createMaskText, maskTurn } from './mask-texts.ts';
import { missingFields } from './missing-fields.ts';
import { priceCalls, usageOfCalls } from './price-calls.ts';
import type { ServiceSettings } from './service.ts';
import { anonymousUserKey, sessionKey, turnKey, userKey } from './turn-key.ts';

/** Each function throws {ServiceFailure} `database_unavailable`. */
export type RecordDeps = {
  /** Null: unknown or removed. */
  readonly findService: (name: string) => Promise<ServiceSettings | null>;
  /** @returns the documents, with what the register and our own content know of them */
  readonly lookUp: (service: string, documents: readonly ExternalDocument[]) => Promise<readonly KnownDocument[]>;
  /** Makes the row in `users`. 'refused': the LMS's table accepts none. */
  readonly ensureUser: (userId: string) => Promise<'there' | 'refused'>;
  /** Called when the row is missing although `ensureUser` made it: the user was erased meanwhile. */
  readonly forgetUser: (userId: string) => void;
  /** Resolves when the rows are durable; existing ones are left unchanged. @throws {ServiceFailure} as the recorder does */
  readonly record: (turn: AnsweredTurn) => Promise<void>;
  /** Resolves when the failure is durable. @returns false: it was recorded before */
  readonly recordFailure: (turn: FailedTurn) => Promise<boolean>;
  /**
   * Reads which report made the turn's row, and applies votes that arrived before it.
   * @param references by which votes may name it
   * @returns `report` of the row; null: there is none
   */
  readonly settle: (service: string, id: string, references: readonly string[]) => Promise<string | null>;
  /** Stores a vote that arrived with its turn. */
  readonly vote: (service: string, reference: string, vote: -1 | 0 | 1) => Promise<unknown>;
  readonly price: Price;
  readonly score: Score;
  /** Counts a turn once. Never throws. */
  readonly observe: (turn: Turn, service: string) => void;
  readonly now: () => Date;
};

/** Comparing a turn's citations takes a millisecond or more, so further ones would wait for longer than their database statements may. */
const mostUnderWay = 1_000;

export function createRecordExternalTurn(deps: RecordDeps): RecordExternalTurn {
  /** Turns on their way, so that one that is sent twice at once is counted once. */
  const underWay = new Map<string, Promise<unknown>>();

  return async (sent) => {
    const id = turnKey(sent);
    if (underWay.size >= mostUnderWay) {
      throw new ServiceFailure('overloaded', `${mostUnderWay} external turns are under way`, { retryAfterSeconds: 5 });
    }
    const first = underWay.get(id);
    const own = (first ?? Promise.resolve()).catch(() => {}).then(() => recordOne(sent, id));
    const settled = own.catch(() => {}).finally(() => underWay.get(id) === settled && underWay.delete(id));
    underWay.set(id, settled);
    return own;
  };

  async function recordOne(sent: ExternalTurn, id: string): Promise<ExternalTurnRecord> {
    const settings = await deps.findService(sent.service);
    if (settings === null) throw new TurnRefused('unknown_service', `no service is named ${sent.service}`);
    const turn = maskTurn(sent, createMaskText(settings.masks));
    const built = turn.error === null ? await answered(turn, id, settings) : failed(turn, id);
    const state = 'failure' in built.turn ? await storeFailure(built.turn) : await storeAnswer(turn, built.turn);
    if (state === 'recorded') deps.observe(built.turn, sent.service);
    // Also of a repeat: the first report may have stored the turn and then failed to store the vote.
    if (state !== 'erased' && sent.feedback !== null) await deps.vote(sent.service, id, sent.feedback);
    return { state, ...built };
  }

  type Built<T extends Turn> = Omit<ExternalTurnRecord, 'state' | 'turn'> & { readonly turn: T };

  async function answered(turn: ExternalTurn, id: string, settings: ServiceSettings): Promise<Built<AnsweredTurn>> {
    const at = deps.now();
    const documents = turn.documents === null ? null : await knownDocuments(turn.service, turn.documents, settings);
    const cited = citeExternal(turn, documents, settings.noAnswerPhrases, at);
    const query = turn.question ?? '';
    const counted = usageOfCalls(turn.calls);
    const usage = counted !== null && counted.totalTokens > mostTokens ? null : counted;
    const scored = turn.question === null ? null : await deps.score(scoredOf(query, turn, cited, documents ?? []));
    return {
      attributed: cited.attributed,
      notJudged: cited.notJudged,
      expired: cited.expired,
      turn: {
        ...identity(turn, id),
        outcome: cited.outcome,
        query,
        answer: cited.answer,
        citations: cited.citations,
        citationRate: cited.citationRate,
        model: lastOf(turn.calls, ({ model }) => model) ?? 'unknown',
        finishReason: finishReasonOf(turn.finishReason),
        temperature: within(
          lastOf(turn.calls, ({ temperature }) => temperature),
          mostTemperature,
        ),
        contextWindowSize: null,
        usage,
        costJpy: priceCalls(turn.calls, deps.price, turn.askedAt),
        timeToFirstTokenMs: turn.firstTokenMs === null ? null : Math.round(turn.firstTokenMs),
        relevanceScore: scored?.relevance ?? null,
        ...(scored !== null && { quality: scored.quality }),
        license: cited.licenses === null ? null : mostRestrictive(cited.licenses),
        withheld: 0,
        external: originOf(turn, at, cited),
      },
    };
  }

  /** Most turns bring all that is needed. */
  async function knownDocuments(
    service: string,
    documents: readonly ExternalDocument[],
    { hasRegister }: ServiceSettings,
  ): Promise<readonly KnownDocument[]> {
    const incomplete = documents.some(({ text }) => text === null || text.trim() === '');
    if (incomplete || (hasRegister && documents.length > 0)) return deps.lookUp(service, documents);
    return documents.map((document) => ({ ...document, own: null, registered: null }));
  }

  function failed(turn: ExternalTurn, id: string): Built<FailedTurn> {
    const failure = failureOfError(turn.error ?? { stage: null, type: null });
    const origin = originOf(turn, deps.now(), { attributed: false, notJudged: [], expired: [] });
    return {
      attributed: false,
      notJudged: [],
      expired: [],
      turn: {
        ...identity(turn, id),
        outcome: outcomeOf(failure.code),
        failure,
        model: lastOf(turn.calls, ({ model }) => model),
        external: origin,
      },
    };
  }

  /** An erased user whose row is still remembered here gets a new row, for questions after the erasure. */
  async function storeAnswer(sent: ExternalTurn, turn: AnsweredTurn): Promise<ExternalTurnRecord['state']> {
    for (const last of [false, true]) {
      if ((await deps.ensureUser(turn.userId)) === 'refused') {
        throw new TurnRefused('account_missing', 'the table users accepts no user of another application');
      }
      try {
        await deps.record(turn);
        const references = [turn.id, sent.id, sent.traceId].filter((each) => each !== null);
        const report = await deps.settle(sent.service, turn.id, references);
        return report === turn.external?.intake.report ? 'recorded' : 'repeated';
      } catch (error) {
        if (!(error instanceof ServiceFailure) || error.code !== 'cancelled') throw error;
        deps.forgetUser(turn.userId);
        if (last) return 'erased';
      }
    }
    return 'erased';
  }

  async function storeFailure(turn: FailedTurn): Promise<'recorded' | 'repeated'> {
    // As with our own questions: what was cancelled or rejected is counted and not kept.
    if (turn.outcome !== 'failed') return 'recorded';
    return (await deps.recordFailure(turn)) ? 'recorded' : 'repeated';
  }
}

/** Documents without a text, or some that were dropped, leave open what the answer was written from. */
function scoredOf(
  query: string,
  turn: ExternalTurn,
  { answer, outcome }: ExternalCited,
  documents: readonly KnownDocument[],
): Parameters<Score>[0] {
  const passages = documents.map(passageOf);
  const isComplete = !turn.dropped.includes('documents') && passages.every(({ text }) => text !== '');
  return { query, answer, outcome, passages: isComplete ? passages : [], wordWeights: null };
}

/** The columns hold no more. A value beyond them is a mistake of the application, and is missing rather than a lost turn. */
const mostTemperature = 9.99;
const mostMs = 2 ** 31 - 1;
const mostTokens = 2 ** 31 - 1;

function within(value: number | null | undefined, most: number): number | null {
  return value === null || value === undefined || !(value >= 0 && value <= most) ? null : value;
}

function identity(turn: ExternalTurn, id: string) {
  const { service, session, user, askedAt, traceId } = turn;
  return {
    id,
    userId: user === null ? anonymousUserKey(service) : userKey(service, user),
    sessionId: sessionKey(service, session, id),
    askedAt,
    latencyMs: within(turn.latencyMs === null ? null : Math.round(turn.latencyMs), mostMs),
    traceId,
  };
}

function originOf(
  turn: ExternalTurn,
  receivedAt: Date,
  cited: Pick<ExternalCited, 'attributed' | 'notJudged' | 'expired'>,
): ExternalOrigin {
  const { service, release, tenant, dialect, dropped } = turn;
  const intake = {
    receivedAt: receivedAt.toISOString(),
    report: randomBytes(6).toString('hex'),
    dialect,
    missing: missingFields(turn),
    dropped,
    notJudged: cited.notJudged,
    expired: cited.expired,
  };
  return { service, release, tenant, attributed: cited.attributed, intake };
}

function lastOf<T, V>(items: readonly T[] | null, value: (item: T) => V | null | undefined): V | null {
  return items?.map(value).findLast((each) => each !== null && each !== undefined) ?? null;
}
