/** Has a model score how well an answer serves its question. */

import { breakControlTokens } from '../chat/keep-in-place.ts';
import type { Citation, Usage } from '../chat/turn.ts';
import { ServiceFailure } from '../failure/service-failure.ts';
import { judgeRubric } from '../quality/judge-rubric.ts';
import { readJudgedScore } from './judge-score.ts';
import { type ModelSettings, postCompletion } from './model-client.ts';
import { AttemptFailure, brokenOff } from './model-failure.ts';
import { createRefusedParameters, type OptionalParameter, sendAccepted } from './optional-parameters.ts';
import { DONE, readCompletion } from './read-completion.ts';
import { retryAttempts } from './retry-attempts.ts';
import { createReadText } from './thinking.ts';
import { usageOf } from './usage.ts';

export type ScoredTurn = {
  readonly query: string;
  readonly answer: string;
  readonly citations: readonly Pick<Citation, 'source' | 'excerpt' | 'valid'>[];
};

/**
 * Relevance from 0 to 1, to two decimals.
 * @throws {ServiceFailure} where the model server fails or gives no score in any attempt; `cancelled` after `signal`
 */
type Judge = (turn: ScoredTurn, signal: AbortSignal) => Promise<number>;

/** What one call used, whether or not it gave a score; null for a complete response that did not report it. */
type OnUsage = (call: { readonly model: string; readonly usage: Usage | null }) => void;

/** Asks the model of `settings` at temperature 0, so that equal turns get equal scores. */
export function createJudge(
  settings: ModelSettings,
  {
    onRefusedParameter = () => {},
    onUsage = () => {},
  }: { readonly onRefusedParameter?: (parameter: OptionalParameter) => void; readonly onUsage?: OnUsage } = {},
): Judge {
  const refused = createRefusedParameters(onRefusedParameter);
  const readText = createReadText(settings.thinkingBlocks);
  return (turn, signal) => {
    const build = (isRefused: (parameter: OptionalParameter) => boolean) => ({
      model: settings.name,
      ...(!isRefused('temperature') && { temperature: 0 }),
      ...(!isRefused('response_format') && { response_format: { type: 'json_object' as const } }),
      messages: [
        { role: 'system' as const, content: judgeRubric },
        { role: 'user' as const, content: described(turn) },
      ],
    });
    let attempts = 0;
    const always = () => true;
    return retryAttempts(settings, signal, always, async (either) => {
      attempts += 1;
      const response = await sendAccepted(build, refused, (body) => postCompletion(settings, body, either));
      let text = '';
      let model = settings.name;
      let usage: Usage | null = null;
      let isComplete = false;
      try {
        for await (const part of readCompletion(response, () => {})) {
          if (part === DONE) continue;
          text += part.text;
          model = part.model || model;
          usage = usageOf(part.event) ?? usage;
          if (part.finishReason === 'error') throw brokenOff(settings);
        }
        isComplete = true;
      } finally {
        if (isComplete || usage !== null) onUsage({ model, usage });
      }
      const score = readJudgedScore(readText(text, true).text);
      if (score !== null) return score;
      const message = `the judge ${settings.name} gave no score`;
      // At temperature 0 a third try would give the same text as the second.
      throw new AttemptFailure(new ServiceFailure('model_protocol', message, { model: settings.name }), attempts < 2);
    });
  };
}

function described({ query, answer, citations }: ScoredTurn): string {
  const excerpts = citations.map(
    ({ source, excerpt, valid }, index) =>
      `<excerpt number="${index + 1}" source="${neutral(source).replaceAll('"', '&quot;')}" valid="${valid}">${neutral(excerpt)}</excerpt>`,
  );
  return [`<question>${neutral(query)}</question>`, `<answer>${neutral(answer)}</answer>`, ...excerpts].join('\n');
}

function neutral(text: string): string {
  return breakControlTokens(text.replace(/<(?=\s*\/?\s*(?:question|answer|excerpt))/gi, '&lt;'));
}
