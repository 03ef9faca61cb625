/** Writes a reply as a chat completion or as the chunks of one, in the form of the OpenAI API. */
import type { Reply } from '../../api/chat-reply.ts';
import { invalidText, linkOf, sourcesList } from './sources-list.ts';

/** The only model that GET /v1/models lists. What answers is the operator's setting. */
export const modelId = 'rag-observatory';

export type Completion = {
  /** The recorded answer, followed by a list of its sources. */
  readonly content: string;
  readonly annotations: readonly Annotation[];
  readonly finishReason: string;
  /** Null: not reported by the model server. */
  readonly usage: TokenUsage | null;
  /** The model that answered. */
  readonly answeredBy: string;
};

type Annotation = {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly url: string;
    readonly title: string;
  };
};

type TokenUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
};

export function completionOf(reply: Reply, query: string): Completion {
  return {
    content: reply.answer + sourcesList(reply.citations, query),
    annotations: annotationsOf(reply, query),
    // Clients know few words: a text that is not truncated has ended.
    finishReason: reply.finishReason === 'length' ? 'length' : 'stop',
    usage: usageOf(reply),
    answeredBy: reply.model,
  };
}

/** With the id of the answer, which votes need: `POST /api/ai/dialogues/ID/feedback`. */
function completionId(id: string): string {
  return `chatcmpl-${id}`;
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);

/**
 * One annotation for each mark, with its UTF-16 offsets. A document without a web address is named by its id, and a mark without a
 * document is left out. The title of an invalid citation says so.
 */
function annotationsOf({ answer, citations }: Reply, query: string): Annotation[] {
  const annotations = citations.flatMap(({ valid, url, contentId, source, marks }, index) => {
    const address = linkOf(url) ?? (contentId === undefined ? null : `urn:uuid:${contentId}`);
    if (address === null) return [];
    const title = valid === false ? `${source} (${invalidText(query)})` : source;
    return (marks ?? marksIn(answer, index + 1)).map(({ start, end }) => ({
      type: 'url_citation' as const,
      url_citation: {
        start_index: start,
        end_index: end,
        url: address,
        title,
      },
    }));
  });
  return annotations.sort((a, b) => a.url_citation.start_index - b.url_citation.start_index);
}

/** Answers that were recorded before offsets were. */
function marksIn(answer: string, number: number) {
  return [...answer.matchAll(new RegExp(`\\[${number}\\]`, 'g'))].map(({ index, 0: mark }) => ({
    start: index,
    end: index + mark.length,
  }));
}

function usageOf({ usage: { promptTokens, completionTokens, totalTokens } }: Reply): TokenUsage | null {
  if (promptTokens === null || completionTokens === null) return null;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: totalTokens ?? promptTokens + completionTokens,
  };
}

/** What all parts of one completion share. `id`: of the dialogue. */
export type CompletionHead = { readonly id: string; readonly now: Date };

export function completionDocument(head: CompletionHead, completion: Completion) {
  const { content, annotations, finishReason, usage, answeredBy } = completion;
  return {
    id: completionId(head.id),
    object: 'chat.completion' as const,
    created: seconds(head.now),
    model: modelId,
    choices: [
      {
        index: 0,
        message: { role: 'assistant' as const, content, refusal: null, annotations },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    ...(usage !== null && { usage }),
    system_fingerprint: answeredBy,
  };
}

type Delta = {
  readonly role?: 'assistant';
  readonly content?: string;
  readonly annotations?: readonly Annotation[];
};

/** Makes the chunks of one stream. @param includeUsage as in `stream_options`: other chunks then have a usage of null */
export function createChunks(head: CompletionHead, includeUsage: boolean) {
  const chunk = (choices: readonly unknown[], usage: TokenUsage | null, answeredBy: string | null) => ({
    id: completionId(head.id),
    object: 'chat.completion.chunk' as const,
    created: seconds(head.now),
    model: modelId,
    system_fingerprint: answeredBy,
    choices,
    ...(includeUsage && { usage }),
  });
  const choice = (delta: Delta, finishReason: string | null) => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: finishReason,
  });
  return {
    delta: (delta: Delta) => chunk([choice(delta, null)], null, null),
    end: ({ finishReason, answeredBy }: Completion) => chunk([choice({}, finishReason)], null, answeredBy),
    usage: ({ usage, answeredBy }: Completion) => chunk([], usage, answeredBy),
  };
}
