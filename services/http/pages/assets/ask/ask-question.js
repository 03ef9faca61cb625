/** Asks a question and reads the answer as it is generated. */
import { postJson, RequestProblem, request } from '../shared/request.js';

/** @typedef {import('../../../api/chat-reply.ts').Reply} Reply */
/** @typedef {{ query: string, sessionId: string | null }} QuestionRequest */

/** The key of the last question without an answer. Repeating the question sends the same key, so it is answered once. @type {(QuestionRequest & { key: string }) | null} */
let unanswered = null;

/**
 * @param {QuestionRequest & { signal: AbortSignal, onDraft: (text: string) => void }} question
 * @returns {Promise<Reply>} the recorded answer
 * @throws {RequestProblem}
 */
export async function askQuestion({ query, sessionId, signal, onDraft }) {
  const key = keyOf({ query, sessionId });
  const options = postJson({ query, stream: true, ...(sessionId !== null && { sessionId }) });
  const headers = { ...options.headers, 'Idempotency-Key': key };
  const response = await request('/api/ai/chat', { ...options, headers, signal });
  const reply = await readReply(response, signal, onDraft);
  unanswered = null;
  return reply;
}

/** @param {Response} response @param {AbortSignal} signal @param {(text: string) => void} onDraft @returns {Promise<Reply>} */
async function readReply(response, signal, onDraft) {
  try {
    if (response.body !== null) {
      for await (const { event, data } of readEvents(response.body)) {
        if (event === 'delta') onDraft(data.text);
        if (event === 'error') throw new RequestProblem(data);
        if (event === 'done') return data;
      }
    }
  } catch (error) {
    if (error instanceof RequestProblem || signal.aborted) throw error;
  }
  throw new RequestProblem({ type: 'interrupted' });
}

/** @param {QuestionRequest} question */
function keyOf({ query, sessionId }) {
  if (unanswered?.query !== query || unanswered.sessionId !== sessionId) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    unanswered = { query, sessionId, key: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  }
  return unanswered.key;
}

/**
 * Yields server-sent events as they arrive.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{ event: string, data: any }>}
 */
async function* readEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    // Closes the connection if the caller stops early, so that the server stops too.
    await reader.cancel().catch(() => {});
  }
}

/** Null: a keep-alive comment. @param {string} block */
function parseBlock(block) {
  const field = (/** @type {string} */ name) => {
    const line = block.split('\n').find((each) => each.startsWith(`${name}: `));
    return line?.slice(name.length + 2);
  };
  const event = field('event');
  const data = field('data');
  return event === undefined || data === undefined ? null : { event, data: JSON.parse(data) };
}
