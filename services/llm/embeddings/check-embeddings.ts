/** Embeds one word, to show whether address, key and model of the embeddings server are right. */
import type { CheckResult } from '../../failure/check.ts';
import { describeKey } from '../key-characters.ts';
import { type EmbeddingsSettings, openForQuestions } from './open-embeddings.ts';
import { ScoringFailure } from './scoring-client.ts';

/** Longer than a question waits: the server may still be loading the model. */
const timeoutMs = 9_000;

export async function checkEmbeddings(settings: EmbeddingsSettings, signal: AbortSignal): Promise<CheckResult> {
  const problem = settings.apiKey === undefined ? null : describeKey('EMBEDDINGS_API_KEY', settings.apiKey);
  if (problem !== null) return failedOf(problem);
  try {
    const embed = openForQuestions({ ...settings, timeoutMs }, settings.model, null);
    const [vector] = await embed(['OK'], 'question', signal);
    return { state: 'ok', detail: `${settings.model} gives vectors of ${vector?.length ?? 0} numbers` };
  } catch (error) {
    if (!(error instanceof ScoringFailure)) throw error;
    return failedOf(error.message.replace(` at ${new URL(settings.baseUrl).host}`, ''));
  }
}

function failedOf(message: string): CheckResult {
  const at = message.lastIndexOf(': ');
  if (at === -1)
    return { state: 'failed', detail: message, fix: 'check EMBEDDINGS_BASE_URL, and see the log of that server' };
  return { state: 'failed', detail: message.slice(0, at), fix: message.slice(at + 2) };
}
