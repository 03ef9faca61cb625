/** Opens the chat server's pools, each with the least rights and the patience of its work. */
import { type ConnectOptions, connect, type Pool } from '../postgres/client/connect.ts';

type ChatPools = {
  /** What a question or a learner's page needs. */
  readonly questions: Pool;
  readonly erasures: Pool;
  /** Its own: an export holds a connection for as long as its reader takes. */
  readonly exports: Pool;
  /** One connection: the recorder commits one group at a time. */
  readonly recorder: Pool;
  /** Its own: after an outage thousands of failures are written, and no answer waits behind them. */
  readonly failures: Pool;
  /** What administrators read. */
  readonly audit: Pool;
};

/** Learners who read their exports at once; others are asked to come again. */
const mostExports = 3;
/** A commit that takes longer is tried again on another connection. Milliseconds. */
const recordTimeoutMs = 5_000;
/** A statement of a question that takes longer ends it with 503: better told soon than left hanging. Milliseconds. */
const askTimeoutMs = 5_000;

export function connectChat(url: string, onIdleError: (error: Error) => void): ChatPools {
  const open = (options: ConnectOptions) => connect(url, { onIdleError, ...options });
  return {
    questions: open({
      name: 'rag-chat',
      role: 'rag_app',
      max: 10,
      statementTimeoutMs: askTimeoutMs,
      pipeline: true,
    }),
    erasures: open({ name: 'rag-erase', role: 'rag_app', max: 2, pipeline: true }),
    exports: open({ name: 'rag-export', role: 'rag_app', max: mostExports }),
    recorder: open({ name: 'rag-recorder', role: 'rag_recorder', max: 1, statementTimeoutMs: recordTimeoutMs }),
    failures: open({ name: 'rag-failures', role: 'rag_recorder', max: 2 }),
    audit: open({ name: 'rag-audit', role: 'rag_auditor', max: 2, statementTimeoutMs: askTimeoutMs }),
  };
}
