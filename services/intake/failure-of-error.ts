/** Names the stage and the reason of a turn that failed in another application. */
import type { Failure } from '../chat/turn.ts';
import type { FailureCode } from '../failure/service-failure.ts';
import type { ExternalError } from './external-turn.ts';

/** The first that matches. Types are names and codes, such as `RateLimitError`, `httpx.ConnectTimeout`, `429`. */
const reasons: readonly (readonly [RegExp, FailureCode])[] = [
  [/cancel|abort/i, 'cancelled'],
  [/content.?(filter|policy|management)|safety|moderation|guardrail|recitation/i, 'content_filtered'],
  [
    /context.?(length|window|size)|too.?many.?tokens|(prompt|input).?too.?long|max.?tokens|exceeds.?.*context/i,
    'context_exceeded',
  ],
  [/\brefusal|model.?refus|refused.?to.?answer/i, 'model_refused'],
  [/quota|billing|insufficient.?(funds|credit)|payment|\b402\b/i, 'model_quota'],
  [/rate.?limit|too.?many.?requests|resource.?exhausted|throttl|\b429\b/i, 'model_rate_limited'],
  [/unauthori[sz]ed|authentication|permission|forbidden|(api|access).?key|\b40[13]\b/i, 'model_key'],
  [/time.?d?.?out|deadline|\b(408|504)\b/i, 'model_silent'],
  [/connect|network|econn|enotfound|eai_again|dns|socket|unreachable|fetch.?failed/i, 'model_unreachable'],
  [/internal.?server|unavailable|overloaded|bad.?gateway|api.?(status.?)?error|\b5\d\d\b/i, 'model_unavailable'],
  [/json|parse|decod|validation|protocol/i, 'model_protocol'],
];

/** While retrieving, the store is at fault and not the model. */
const ofRetrieval: Partial<Readonly<Record<FailureCode, FailureCode>>> = {
  cancelled: 'cancelled',
  model_silent: 'database_unavailable',
  model_unreachable: 'database_unavailable',
  model_unavailable: 'database_unavailable',
};

/** An application that names no stage failed while generating: that is where nearly all of its failures arise. */
export function failureOfError({ stage, type }: ExternalError): Failure {
  const code = reasons.find(([pattern]) => pattern.test(type ?? ''))?.[1] ?? 'internal';
  if (stage === 'retrieve') return { stage, code: ofRetrieval[code] ?? 'internal' };
  return { stage: 'generate', code };
}
