/** Retrieves the passages that are relevant to a question. */
import type { Pool } from 'pg';
import { askedWords } from '../../chat/gate/asked-words.ts';
import type { Retrieve, Retrieved } from '../../chat/retrieve.ts';
import { topicOf } from '../../chat/search/follow-up.ts';
import { questionWords } from '../../chat/search/question-words.ts';
import { bestCoverage } from '../../chat/search/rank-passages.ts';
import { wordWeights } from '../../chat/search/word-weights.ts';
import { orUnavailable } from '../client/errors.ts';
import { findPassages, type Searches, wordsOnly } from './find-passages.ts';
import type { FoundPassage } from './search-passages.ts';

const nothing: Retrieved = { passages: [], asked: null, withheld: 0 };

/**
 * @param remoteModel whether passages are sent to an external model: those without consent are then withheld
 * @param commercialUse whether answers are for commercial use: non-commercial content is then not found
 * @param limit number of passages per answer
 * @param searches what is searched besides words
 */
export function createRetrieve({
  pool,
  remoteModel,
  commercialUse,
  now,
  limit = 8,
  searches = wordsOnly,
}: {
  pool: Pool;
  remoteModel: boolean;
  commercialUse: boolean;
  now: () => Date;
  limit?: number;
  searches?: Searches;
}): Retrieve {
  return async ({ query, history, requester, filters = null, signal }) => {
    const topic = topicOf(query, history);
    const words = questionWords(query, topic);
    if (words.length === 0 && searches.byMeaning === null) return nothing;
    const meant = topic === null ? query : `${topic}\n${query}`;
    const search = { query: meant, words, requester, commercialUse, filters, now: now(), signal };
    const { plan, ranked, standsOut } = await orUnavailable(findPassages(pool, search, searches));
    if (ranked.length === 0) return nothing;
    const mayBeShown = ({ passage }: { passage: FoundPassage }) => !remoteModel || passage.externalShareConsent;
    return {
      passages: ranked
        .filter(mayBeShown)
        .slice(0, limit)
        .map(({ passage, rank }) => retrieved(passage, rank)),
      asked: {
        words: askedWords(words, plan),
        coverage: plan === null ? 0 : bestCoverage(plan, ranked),
        standsOut,
      },
      withheld: ranked.slice(0, limit).filter((each) => !mayBeShown(each)).length,
      wordWeights: wordWeights(words, plan),
    };
  };
}

function retrieved({ position, parts, externalShareConsent, ...passage }: FoundPassage, rank: number) {
  return { ...passage, rank };
}
