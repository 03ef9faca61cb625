/** The path of a question: recall → retrieve → generate → cite → price → score → record. */

import { outcomeOf, ServiceFailure } from '../failure/service-failure.ts';
import { mostRestrictive } from '../provenance/license.ts';
import { CHITCHAT, chitchatReply } from './chitchat.ts';
import { type Cited, citeAnswer } from './citations/cite.ts';
import { citeDrafts } from './citations/cite-drafts.ts';
import { relatedDocuments } from './gate/related.ts';
import type { Generate, Generation } from './generate.ts';
import type { Price } from './price.ts';
import type { Requester, Retrieve, Retrieved, SearchFilters } from './retrieve.ts';
import type { Score } from './score.ts';
import type { AnsweredTurn, FailedTurn, PastTurn, StageName, Turn } from './turn.ts';

export type Question = {
  /** UUIDv7: the key of the turn's row. */
  readonly id: string;
  readonly sessionId: string;
  /** True: the session starts with this question, so there are no turns to recall. */
  readonly sessionIsNew: boolean;
  /** Earlier turns that the client reports, oldest first. Absent: those of the session are recalled. */
  readonly history?: readonly PastTurn[];
  /** Not empty, well-formed Unicode without NUL. */
  readonly query: string;
  readonly requester: Requester;
  /** Absent: everything that the requester may read. */
  readonly filters?: SearchFilters;
  readonly askedAt: Date;
  /** True: the probe asks. Its turn is neither recorded nor observed. */
  readonly isProbe?: boolean;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** Receives the answer piece by piece as it is generated; absent for callers that do not stream. */
  readonly onDelta?: (text: string) => void;
  /** True: pieces are whole sentences with the marks of the final answer, for clients that cannot replace a draft. */
  readonly draftsAreCited?: boolean;
};

/** The steps of a turn. The telemetry adapter wraps each in a span. */
export type Stages = {
  /** The session's last turns of this user, oldest first. */
  readonly recall: (question: Question) => Promise<readonly PastTurn[]>;
  readonly retrieve: Retrieve;
  readonly generate: Generate;
  /** Resolves when the turn's rows are durable. */
  readonly record: (turn: AnsweredTurn) => Promise<void>;
};

type Deps = {
  readonly stages: Stages;
  readonly price: Price;
  readonly score: Score;
  /** Called once for every turn, failed ones included: metrics, log and the record of failures. Never throws; the reply does not wait for it. */
  readonly observe: (turn: Turn) => void;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly now: () => Date;
  readonly traceId: () => string | null;
};

export type Chat = (question: Question) => Promise<AnsweredTurn>;

/**
 * Makes the function that answers a question.
 *
 * It resolves after the turn's rows are committed, so every answer that a caller has received is on record. Only the probe's are not.
 * @throws {ServiceFailure} after the turn was observed as failed or aborted
 */
export function createChat({ stages, price, score, observe, clock, now, traceId }: Deps): Chat {
  return async (question) => {
    const start = clock();
    let stage: StageName = 'recall';
    let model: string | null = null;
    try {
      const reply = chitchatReply(question.query);
      if (reply !== null) {
        question.onDelta?.(reply);
        return await settle(chitchatTurn(reply));
      }
      const history = question.history ?? (question.sessionIsNew ? [] : await stages.recall(question));
      stage = 'retrieve';
      const retrieved = await stages.retrieve({ ...question, history });
      stage = 'generate';
      const { passages } = retrieved;
      const { query, onDelta } = question;
      const cited = question.draftsAreCited && onDelta && { onDelta: citeDrafts(onDelta, passages, now(), query) };
      const generation = await stages.generate({
        ...question,
        history,
        passages,
        asked: retrieved.asked ?? null,
        ...cited,
      });
      model = generation.model;
      return await settle(await answeredTurn(retrieved, generation, citeAnswer(generation, passages, now(), query)));
    } catch (error) {
      throw fail(error);
    }

    async function settle(turn: AnsweredTurn): Promise<AnsweredTurn> {
      if (question.isProbe) return turn;
      stage = 'record';
      await stages.record(turn);
      observe(turn);
      return turn;
    }

    /** What every turn has; its time ends here. */
    function identity() {
      const { id, sessionId, requester, askedAt } = question;
      return {
        id,
        userId: requester.userId,
        sessionId,
        askedAt,
        latencyMs: Math.round(clock() - start),
        traceId: traceId(),
      };
    }

    function chitchatTurn(answer: string): AnsweredTurn {
      return {
        ...identity(),
        outcome: 'chitchat',
        query: question.query,
        answer,
        citations: [],
        citationRate: null,
        model: CHITCHAT,
        temperature: null,
        finishReason: 'stop',
        contextWindowSize: null,
        usage: { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 },
        costJpy: 0,
        timeToFirstTokenMs: null,
        relevanceScore: null,
        license: null,
        withheld: 0,
      };
    }

    async function answeredTurn(retrieved: Retrieved, generation: Generation, cited: Cited): Promise<AnsweredTurn> {
      const { query, askedAt } = question;
      const scored = await score({
        query,
        answer: cited.answer,
        outcome: cited.outcome,
        passages: retrieved.passages,
        wordWeights: retrieved.wordWeights ?? null,
      });
      return {
        ...identity(),
        outcome: cited.outcome,
        query,
        answer: cited.answer,
        citations: cited.citations,
        ...(cited.outcome === 'no_answer' && { related: relatedDocuments(retrieved) }),
        citationRate: cited.citationRate,
        model: generation.model,
        temperature: generation.temperature,
        finishReason: generation.finishReason,
        contextWindowSize: generation.contextWindowSize,
        usage: generation.usage,
        costJpy: price(generation.model, generation.usage, askedAt),
        timeToFirstTokenMs: generation.firstTokenAt === null ? null : Math.round(generation.firstTokenAt - start),
        relevanceScore: scored.relevance,
        quality: scored.quality,
        license: mostRestrictive(cited.sources.map((passage) => passage.license)),
        withheld: retrieved.withheld,
      };
    }

    function fail(error: unknown): ServiceFailure {
      const failure = question.signal.aborted
        ? new ServiceFailure('cancelled', 'the client disconnected', { cause: error })
        : error instanceof ServiceFailure
          ? error
          : new ServiceFailure('internal', `${stage} failed`, { cause: error });
      const turn: FailedTurn = {
        ...identity(),
        outcome: outcomeOf(failure.code),
        failure: { stage, code: failure.code },
        model: model ?? (error instanceof ServiceFailure ? error.model : null),
      };
      if (!question.isProbe) observe(turn);
      return failure;
    }
  };
}
