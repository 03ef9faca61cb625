/** What a span says about a turn, in the same words for every dialect. */
import type { ExternalDocument, ExternalUsage } from '../external-turn.ts';
import type { Message } from './messages.ts';
import type { Span } from './span.ts';

/**
 * `step`: a chain, a task or a workflow. `model`: a call of a language model. `memory` of a kind that decides nothing is a
 * step too.
 */
export type Kind = 'model' | 'agent' | 'step' | 'retriever' | 'reranker' | 'embedding' | 'tool' | 'evaluation';

export const dialects = [
  'rag-observatory',
  'langfuse',
  'mlflow',
  'langsmith',
  'mastra',
  'vercel-ai',
  'agento11y',
  'spring-ai',
  'dify',
  'haystack',
  'openlit',
  'openllmetry',
  'openinference',
  'otel-genai',
  'generic',
] as const;

export type DialectName = (typeof dialects)[number];

/** Absent: this dialect says nothing about it. */
export type Reading = {
  readonly kind?: Kind | undefined;
  /** A text that was passed in as the question, not a rendered prompt. */
  readonly question?: string | null;
  readonly answer?: string | null;
  /** The query of a retriever or the text that was embedded. */
  readonly query?: string | null;
  /** The prompt of a model call. */
  readonly messages?: readonly Message[];
  readonly documents?: readonly ExternalDocument[] | null;
  readonly model?: string | null;
  readonly usage?: ExternalUsage | null;
  readonly temperature?: number | null;
  readonly finishReason?: string | null;
  /** The provider's id of the response, which two instrumentations of one call share. */
  readonly responseId?: string | null;
  /** Milliseconds from the span's start to the first piece of the answer. */
  readonly firstTokenMs?: number | null;
  readonly user?: string | null;
  readonly session?: string | null;
  readonly tenant?: string | null;
  readonly release?: string | null;
  readonly outcome?: 'answered' | 'no_answer' | null;
  readonly feedback?: -1 | 0 | 1 | null;
  /** Name or code of the error; absent where the call succeeded. */
  readonly errorType?: string | null;
  readonly failed?: boolean | undefined;
  /** A run and its parent by ids of the framework, for dialects whose spans have no parent. */
  readonly run?: string | null;
  readonly parentRun?: string | null;
};

/** A span in one dialect; null for a span that is not written in it. */
export type Dialect = {
  readonly name: DialectName;
  readonly read: (span: Span) => Reading | null;
};
