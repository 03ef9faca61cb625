/** Asks a question and reads the answer as it is written. */
import { readEvents } from './read-events.js';
import { postJson, RequestProblem, request } from './request.js';

/** @typedef {import('../../api/chat-reply.ts').Reply} Reply */
/** @typedef {{ query: string, sessionId: string | null }} Asked */

/** The key of a question without an answer yet: asked again, it is answered once. @type {(Asked & { key: string }) | null} */
let open = null;

/**
 * @param {Asked & { signal: AbortSignal, onDraft: (text: string) => void }} question
 * @returns {Promise<Reply>} recorded
 * @throws {RequestProblem}
 */
export async function askQuestion({ query, sessionId, signal, onDraft }) {
  const key = keyOf({ query, sessionId });
  const options = postJson({ query, stream: true, ...(sessionId !== null && { sessionId }) });
  const headers = { ...options.headers, 'Idempotency-Key': key };
  const response = await request('/api/ai/chat', { ...options, headers, signal });
  const reply = await readReply(response, signal, onDraft);
  open = null;
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
  throw new RequestProblem({ type: 'broken' });
}

/** @param {Asked} asked */
function keyOf({ query, sessionId }) {
  if (open?.query !== query || open.sessionId !== sessionId) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    open = { query, sessionId, key: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  }
  return open.key;
}
