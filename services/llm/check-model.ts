/** Asks the model for a word, to show whether address, key, name and parameters are right. */
import type { CheckResult } from '../failure/check.ts';
import { describeKey } from './key-characters.ts';
import { type ModelSettings, postCompletion } from './model-client.ts';
import { attemptFailure, protocolFailure } from './model-failure.ts';
import { createRefusedParameters, sendAccepted } from './optional-parameters.ts';
import { DONE, readCompletion } from './read-completion.ts';

const answerTokens = 16;

/** The request ends with the first part of an answer, so it costs next to nothing. */
export async function checkModel(settings: ModelSettings, signal: AbortSignal): Promise<CheckResult> {
  const problem = settings.apiKey === undefined ? null : describeKey('LLM_API_KEY', settings.apiKey);
  if (problem !== null) return failedOf(problem);
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  try {
    const model = await askForWord(settings, either);
    const named = model === '' || model === settings.name ? '' : `, which calls itself ${model.slice(0, 100)}`;
    return { state: 'ok', detail: `${settings.name} answers${named}` };
  } catch (error) {
    if (signal.aborted) {
      return {
        state: 'failed',
        detail: 'the model server did not answer in time',
        fix: 'check LLM_BASE_URL, or wait: the server may still be loading the model',
      };
    }
    const { failure } = attemptFailure(error, settings);
    // A server that filters or refuses one word still answers.
    if (['content_filtered', 'model_refused', 'tool_called'].includes(failure.code)) {
      return { state: 'ok', detail: `${settings.name} answers` };
    }
    return failedOf(failure.message.replace(` at ${new URL(settings.baseUrl).host}`, ''));
  } finally {
    enough.abort();
  }
}

/** @returns the model's own name; empty: it names none */
async function askForWord(settings: ModelSettings, signal: AbortSignal): Promise<string> {
  const response = await sendAccepted(
    (isRefused) => {
      const limit = isRefused('max_tokens') ? 'max_completion_tokens' : 'max_tokens';
      return {
        model: settings.name,
        messages: [{ role: 'user', content: 'Reply with the word OK.' }],
        stream: true,
        ...(!isRefused('temperature') && { temperature: settings.temperature }),
        ...(!isRefused(limit) && { [limit]: answerTokens }),
      };
    },
    createRefusedParameters(() => {}),
    (body) => postCompletion(settings, body, signal),
  );
  for await (const part of readCompletion(response, () => {})) {
    if (part !== DONE) return part.model;
  }
  throw protocolFailure(settings, 'sent no event of a stream');
}

function failedOf(message: string): CheckResult {
  const at = message.lastIndexOf(': ');
  if (at === -1) return { state: 'failed', detail: message, fix: 'see the log of the model server' };
  return { state: 'failed', detail: message.slice(0, at), fix: message.slice(at + 2) };
}
