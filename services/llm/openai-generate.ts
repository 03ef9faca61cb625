/** Answers with a model behind the OpenAI chat-completions protocol, as a stream. */
import type { OpenAI } from 'openai';
import type { Generate, GenerationRequest } from '../chat/generate.ts';
import { buildPrompt } from '../chat/prompt.ts';
import { UNANSWERED } from '../chat/refusal.ts';
import type { Usage } from '../chat/turn.ts';
import { type Dispensable, sendAccepted } from './ask-model.ts';
import { createDraftGate } from './draft-gate.ts';
import { createModelClient, LONGEST_ANSWER, type ModelSettings, SILENCE_MS } from './model-client.ts';
import { brokenOff, gaveNothing, nonsense } from './model-failure.ts';
import { retryAttempts } from './retry-attempts.ts';
import { usageOf } from './usage.ts';

type Chunk = OpenAI.ChatCompletionChunk;
type Answer = { readonly text: string; readonly model: string; readonly usage: Usage | null };

const nothingUsed: Usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 };

/**
 * @param clock milliseconds, monotonic: the flow's own
 * @param silenceMs between two pieces of a stream, after which the server counts as gone
 */
export function createModelGenerate(settings: ModelSettings, clock: () => number, silenceMs = SILENCE_MS): Generate {
  const client = createModelClient(settings);
  const unknown = new Set<Dispensable>();

  return async (request) => {
    const facts = () => ({
      temperature: unknown.has('temperature') ? null : settings.temperature,
      contextWindowSize: settings.contextWindow,
    });
    // Without passages there is nothing to answer from, and so nothing to ask.
    if (request.passages.length === 0) {
      return { text: '', model: settings.name, ...facts(), usage: nothingUsed, firstTokenAt: null };
    }
    let firstTokenAt: number | null = null;
    const pass = (text: string) => {
      firstTokenAt ??= clock();
      request.onDelta?.(text);
    };
    const body = requestBody(settings, request);
    const answer = await retryAttempts(
      settings,
      request.signal,
      () => firstTokenAt === null,
      async (signal) => {
        const silence = watchSilence(silenceMs);
        const either = AbortSignal.any([signal, silence.signal]);
        try {
          const send = (accepted: typeof body) => client.chat.completions.create(accepted, { signal: either });
          const stream = await sendAccepted(body, unknown, send);
          return await readAnswer(stream, settings, pass, silence.heard);
        } catch (error) {
          if (silence.signal.aborted) throw gaveNothing(settings, `fell silent for ${silenceMs} ms in its answer`);
          throw error;
        } finally {
          silence.stop();
        }
      },
    );
    return { ...answer, ...facts(), firstTokenAt };
  };
}

function requestBody(
  { name, temperature, contextWindow }: ModelSettings,
  { query, history, passages }: GenerationRequest,
) {
  return {
    model: name,
    messages: [...buildPrompt({ query, history, passages, contextWindow })],
    temperature,
    stream: true as const,
    stream_options: { include_usage: true },
  };
}

async function readAnswer(
  stream: AsyncIterable<Chunk>,
  settings: ModelSettings,
  pass: (text: string) => void,
  heard: () => void,
): Promise<Answer> {
  const gate = createDraftGate(UNANSWERED, pass);
  let model = settings.name;
  let usage: Usage | null = null;
  let finish: string | null = null;
  let chunks = 0;
  let length = 0;
  for await (const chunk of stream) {
    heard();
    chunks += 1;
    const { content, finished } = readChunk(chunk);
    if (content !== '') gate.push(content.replaceAll('\u0000', ''));
    length += content.length;
    if (length > LONGEST_ANSWER) throw gaveNothing(settings, `wrote more than ${LONGEST_ANSWER} letters`);
    finish = finished ?? finish;
    model = chunk.model || model;
    usage = usageOf(chunk.usage) ?? usage;
  }
  if (chunks === 0) throw nonsense(settings, 'sent no event of a stream');
  if (finish === null) throw brokenOff(settings);
  if (finish === 'content_filter') throw gaveNothing(settings, 'withheld its answer (content_filter)');
  const text = gate.end().toWellFormed();
  if (text === '' && !gate.refused()) throw gaveNothing(settings, 'sent an answer without text');
  return { text, model, usage };
}

/** Reads what a server of another make may leave out. */
function readChunk(chunk: Chunk): { content: string; finished: string | null } {
  const choice = chunk?.choices?.[0];
  const content = choice?.delta?.content;
  return { content: typeof content === 'string' ? content : '', finished: choice?.finish_reason ?? null };
}

/** Begins with the first piece: until then only the deadline counts, as a model may think long before it writes. */
function watchSilence(silenceMs: number) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), silenceMs);
    },
    stop: () => clearTimeout(timer),
  };
}
