/** Answers with a model behind the OpenAI chat-completions protocol, as a stream. */
import type { Generate, GenerationRequest } from '../chat/generate.ts';
import { JOINER } from '../chat/keep-in-place.ts';
import { buildPrompt } from '../chat/prompt.ts';
import { UNANSWERED } from '../chat/refusal.ts';
import type { Usage } from '../chat/turn.ts';
import { createDraftGate, type DraftGate } from './draft-gate.ts';
import { LONGEST_ANSWER, type ModelSettings, postCompletion } from './model-client.ts';
import { brokenOff, failed, protocolFailure } from './model-failure.ts';
import { createRefusedParameters, type OptionalParameter, sendAccepted } from './optional-parameters.ts';
import { DONE, readCompletion } from './read-completion.ts';
import { retryAttempts } from './retry-attempts.ts';
import { createReadText } from './thinking.ts';
import { usageOf } from './usage.ts';

type Answer = {
  readonly text: string;
  readonly model: string;
  readonly usage: Usage | null;
  readonly finishReason: string | null;
};

const nothingUsed: Usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 };

/** Called with what an attempt used that gave no answer, where the server reported it. */
export type OnLostUsage = (lost: {
  readonly kind: 'failed' | 'retried' | 'aborted';
  readonly model: string;
  readonly usage: Usage;
}) => void;

/**
 * @param clock milliseconds, monotonic: the flow's own
 * @param onRefusedParameter called for each request parameter that the server refuses
 */
export function createModelGenerate(
  settings: ModelSettings,
  {
    clock,
    onRefusedParameter = () => {},
    onLostUsage = () => {},
  }: {
    readonly clock: () => number;
    readonly onRefusedParameter?: (parameter: OptionalParameter) => void;
    readonly onLostUsage?: OnLostUsage;
  },
): Generate {
  const refused = createRefusedParameters(onRefusedParameter);
  const readText = createReadText(settings.thinkingBlocks);
  /** Whether this model has ended a thought that it had not opened. */
  let thinksUnopened = false;

  return async (request) => {
    const properties = () => ({
      temperature: refused.has('temperature') ? null : settings.temperature,
      contextWindowSize: settings.contextWindow,
    });
    // Without passages there is nothing to answer from, so the model is not asked.
    if (request.passages.length === 0) {
      const nothing = { text: '', model: settings.name, finishReason: null, usage: nothingUsed, firstTokenAt: null };
      return { ...nothing, ...properties() };
    }
    let firstTokenAt: number | null = null;
    let wasShown = false;
    const lost: { model: string; usage: Usage }[] = [];
    const pass = (text: string) => {
      firstTokenAt ??= clock();
      wasShown ||= request.onDelta !== undefined;
      request.onDelta?.(text);
    };
    const attempt = async (signal: AbortSignal, began: () => void): Promise<Answer> => {
      firstTokenAt = null;
      const silence = watchSilence(settings.silenceMs);
      const either = AbortSignal.any([signal, silence.signal]);
      const gate = createDraftGate({
        refusal: UNANSWERED,
        passages: request.passages.length,
        readText,
        pass,
        holdUntilThought: thinksUnopened,
      });
      const used = { model: settings.name, usage: null as Usage | null };
      try {
        const response = await sendAccepted(
          (isRefused) => requestBody(settings, request, isRefused),
          refused,
          (body) => postCompletion(settings, body, either),
        );
        const heard = () => {
          began();
          silence.heard();
        };
        return await readAnswer(response, settings, gate, used, heard);
      } catch (error) {
        if (used.usage !== null) lost.push({ model: used.model, usage: used.usage });
        if (silence.signal.aborted && !signal.aborted) {
          throw failed(settings, 'model_silent', `sent nothing for ${settings.silenceMs} ms (LLM_SILENCE_MS)`);
        }
        throw error;
      } finally {
        silence.stop();
        thinksUnopened ||= gate.hadBareThought();
      }
    };
    try {
      const answer = await retryAttempts(settings, request.signal, () => !wasShown, attempt);
      for (const each of lost) onLostUsage({ kind: 'retried', ...each });
      return { ...answer, ...properties(), firstTokenAt };
    } catch (error) {
      const kind = request.signal.aborted ? 'aborted' : 'failed';
      for (const [index, each] of lost.entries())
        onLostUsage({ kind: index < lost.length - 1 ? 'retried' : kind, ...each });
      throw error;
    }
  };
}

function requestBody(
  { name, temperature, contextWindow, maxTokens }: ModelSettings,
  { query, history, passages }: GenerationRequest,
  isRefused: (parameter: OptionalParameter) => boolean,
) {
  // Reasoning models of OpenAI take the limit by its newer name alone.
  const limit = isRefused('max_tokens') ? 'max_completion_tokens' : 'max_tokens';
  return {
    model: name,
    messages: [...buildPrompt({ query, history, passages, contextWindow })],
    stream: true,
    ...(!isRefused('temperature') && { temperature }),
    ...(!isRefused('stream_options') && { stream_options: { include_usage: true } }),
    ...(maxTokens !== null && !isRefused(limit) && { [limit]: maxTokens }),
  };
}

/** @param used receives the model and its usage as they arrive, so that they are known if the answer fails */
async function readAnswer(
  response: Response,
  settings: ModelSettings,
  gate: DraftGate,
  used: { model: string; usage: Usage | null },
  heard: () => void,
): Promise<Answer> {
  let finishReason: string | null = null;
  let isDone = false;
  let events = 0;
  let length = 0;
  let refusal = '';
  let callsTool = false;
  for await (const part of readCompletion(response, heard)) {
    if (part === DONE) {
      isDone = true;
      continue;
    }
    events += 1;
    // The model copies what was put into control tokens of passages.
    const text = part.text.replaceAll('\u0000', '').replaceAll(JOINER, '');
    if (text !== '') gate.push(text);
    length += part.text.length;
    if (length > LONGEST_ANSWER)
      throw failed(settings, 'model_protocol', `wrote more than ${LONGEST_ANSWER} characters`);
    refusal += part.refusal;
    callsTool ||= part.callsTool;
    finishReason = part.finishReason ?? finishReason;
    used.model = part.model || used.model;
    used.usage = usageOf(part.event) ?? used.usage;
  }
  if (events === 0) throw protocolFailure(settings, 'sent no event of a stream');
  if (finishReason === 'content_filter')
    throw failed(settings, 'content_filtered', 'filtered its answer (content_filter)');
  if (refusal.trim() !== '' || finishReason === 'refusal') {
    throw failed(settings, 'model_refused', 'refused to answer (refusal)');
  }
  if (finishReason === 'error' || (finishReason === null && !isDone)) throw brokenOff(settings);
  const text = gate.end().toWellFormed();
  if (text === '' && !gate.refused()) {
    if (callsTool || finishReason === 'tool_calls')
      throw failed(settings, 'tool_called', 'called a tool instead of answering');
    if (finishReason === 'length') {
      throw failed(settings, 'model_protocol', 'used all its tokens before its answer began: raise LLM_MAX_TOKENS');
    }
    throw failed(settings, 'model_protocol', 'sent an answer without text');
  }
  return { text, model: used.model, usage: used.usage, finishReason };
}

/** Starts with the first byte of a response: until then LLM_TIMEOUT_MS limits the wait. */
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
