/** Opens the chat server's connection pools, each with the fewest rights and the timeout its work needs. */
import { type ConnectOptions, connect, type Pool } from '../postgres/client/connect.ts';

type ChatPools = {
  /** For questions and for the learner's own data. */
  readonly questions: Pool;
  readonly erasures: Pool;
  /** Separate: an export holds a connection for as long as its reader takes. */
  readonly exports: Pool;
  /** One connection: the recorder commits one batch at a time. */
  readonly recorder: Pool;
  /** Separate: after an outage thousands of failures are written, and no answer may wait behind them. */
  readonly failures: Pool;
  /** For turns of other applications, so that they leave the connections of questions alone. */
  readonly intake: Pool;
  /** For spans of other applications that are received. */
  readonly spans: Pool;
  /** Separate: assembling a trace holds a connection until its turn is recorded. */
  readonly assembly: Pool;
  /** For the admin API and pages. */
  readonly audit: Pool;
  /** As `audit`, for the metrics of today so far, which read all rows of the day. */
  readonly metrics: Pool;
};

/** Concurrent exports; further ones get 503 with Retry-After. */
const maxExports = 3;
/** A commit that takes longer is retried on another connection. Milliseconds. */
const recordTimeoutMs = 5_000;
/**
 * A statement that takes longer fails the question with 503, because callers prefer an early error to a hung request.
 * Milliseconds.
 */
const questionTimeoutMs = 5_000;

/** Transactions that assemble traces at once. */
export const assembledAtOnce = 2;
/** A million rows take about ten seconds on two cores. Milliseconds. */
const metricsTimeoutMs = 60_000;

export function openChatPools(url: string, onIdleError: (error: Error) => void): ChatPools {
  const open = (options: ConnectOptions) => connect(url, { onIdleError, ...options });
  return {
    questions: open({
      name: 'rag-chat',
      role: 'rag_app',
      max: 10,
      statementTimeoutMs: questionTimeoutMs,
      pipeline: true,
    }),
    erasures: open({ name: 'rag-erase', role: 'rag_app', max: 2, pipeline: true }),
    exports: open({ name: 'rag-export', role: 'rag_app', max: maxExports }),
    recorder: open({ name: 'rag-recorder', role: 'rag_recorder', max: 1, statementTimeoutMs: recordTimeoutMs }),
    failures: open({ name: 'rag-failures', role: 'rag_recorder', max: 2 }),
    intake: open({
      name: 'rag-intake',
      role: 'rag_app',
      max: 4,
      statementTimeoutMs: questionTimeoutMs,
      pipeline: true,
    }),
    spans: open({ name: 'rag-spans', role: 'rag_recorder', max: 4, statementTimeoutMs: questionTimeoutMs }),
    assembly: open({ name: 'rag-assembly', role: 'rag_recorder', max: assembledAtOnce }),
    audit: open({ name: 'rag-audit', role: 'rag_auditor', max: 2, statementTimeoutMs: questionTimeoutMs }),
    metrics: open({ name: 'rag-metrics', role: 'rag_auditor', max: 2, statementTimeoutMs: metricsTimeoutMs }),
  };
}
