/**
 * Sends turns to rag-observatory. Runs wherever `fetch` does, without dependencies. Copy this file into your application.
 *
 * @example
 * const rag = createRagObservatory({ url: 'https://rag.example', key: process.env.RAG_OBSERVATORY_KEY! });
 * const reply = await rag.recordTurn({ question, answer, documents, model: 'gpt-4o-mini', usage: response.usage });
 */

export type RagDocument = {
  readonly id?: string;
  /** The text that the model was shown. Without it citations are not judged. */
  readonly text?: string;
  readonly url?: string;
  readonly title?: string;
  readonly license?: string;
  readonly score?: number;
};

export type RagTurn = {
  /** Yours: a turn that is sent again with it is the same row. */
  readonly id?: string;
  /** 32 hexadecimal digits. */
  readonly traceId?: string;
  readonly askedAt?: string;
  readonly question: string;
  /** With its marks [1], [2]…, which count the documents. */
  readonly answer?: string;
  /** Instead of an answer: name or code of the error. */
  readonly error?: string | { readonly type?: string; readonly stage?: 'retrieve' | 'generate' };
  readonly documents?: readonly (RagDocument | string)[];
  readonly model?: string;
  /** The object of the model server, as it is. */
  readonly usage?: object;
  readonly latencyMs?: number;
  readonly firstTokenMs?: number;
  readonly user?: string;
  readonly session?: string;
  readonly tenant?: string;
  readonly release?: string;
  readonly outcome?: 'answered' | 'no_answer';
  readonly feedback?: -1 | 0 | 1;
};

export type RagReply = {
  readonly id: string;
  readonly outcome: string;
  readonly citations: readonly { readonly source: string; readonly valid: boolean | null }[];
  /** Percent; null: not judged. */
  readonly citationRate: number | null;
  readonly costJpy: number | null;
  readonly license: string | null;
};

type Options = {
  readonly url: string;
  readonly key: string;
  readonly timeoutMs?: number;
  /** Called instead of throwing, so that monitoring never breaks an answer. Absent: errors are thrown. */
  readonly onError?: (error: Error) => void;
};

const attempts = 3;

export function createRagObservatory({ url, key, timeoutMs = 5_000, onError }: Options) {
  async function post<T>(path: string, body: unknown): Promise<T | undefined> {
    let failure = new Error('rag-observatory was not reached');
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      let waitMs = 200 * 2 ** attempt;
      try {
        const response = await fetch(new URL(path, url), {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (response.ok) return (await response.json()) as T;
        const problem = (await response.json().catch(() => ({}))) as { detail?: string };
        failure = new Error(`rag-observatory replied ${response.status}: ${problem.detail ?? response.statusText}`);
        if (response.status !== 429 && response.status !== 503) break;
        waitMs = Number(response.headers.get('retry-after') ?? 0) * 1_000 || waitMs;
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
      }
      if (attempt + 1 < attempts) await new Promise((resume) => setTimeout(resume, Math.min(waitMs, 2_000)));
    }
    if (onError === undefined) throw failure;
    onError(failure);
    return undefined;
  }

  return {
    /** The reply has each citation with its verdict, before you show the answer. */
    recordTurn: (turn: RagTurn) => post<RagReply>('/api/turns', turn),
    /** @param turn our id, your id or the trace id, also before the turn arrives */
    vote: (turn: string, vote: -1 | 0 | 1) => post(`/api/turns/${encodeURIComponent(turn)}/feedback`, { vote }),
  };
}

/** The part of OpenTelemetry's tracer that is used: `trace.getTracer('my-app')` of `@opentelemetry/api`. */
type Tracer = {
  startActiveSpan<T>(name: string, run: (span: Span) => T): T;
};
type Span = {
  setAttribute(name: string, value: string): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
};

/** Runs a retrieval in a span that has its documents, for applications with OpenTelemetry. */
export function retrievalSpan<D extends RagDocument>(
  tracer: Tracer,
  question: string,
  retrieve: () => Promise<readonly D[]>,
): Promise<readonly D[]> {
  return tracer.startActiveSpan('retrieval', async (span) => {
    span.setAttribute('gen_ai.operation.name', 'retrieval');
    span.setAttribute('gen_ai.retrieval.query.text', question);
    try {
      const documents = await retrieve();
      span.setAttribute('gen_ai.retrieval.documents', documentsAttribute(documents));
      return documents;
    } catch (error) {
      span.setStatus({ code: 2 });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The value of `gen_ai.retrieval.documents`: the convention's id and score, with content, uri, title and license. */
export function documentsAttribute(documents: readonly RagDocument[]): string {
  return JSON.stringify(
    documents.map(({ id, score, text, url, title, license }, index) => ({
      id: id ?? String(index + 1),
      score,
      content: text,
      uri: url,
      title,
      license,
    })),
  );
}
