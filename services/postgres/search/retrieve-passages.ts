/** Retrieves the passages that are relevant to a question. */
import type { Pool } from 'pg';
import type { Retrieve, Retrieved } from '../../chat/retrieve.ts';
import { planSearch } from '../../chat/search/plan-search.ts';
import { questionWords } from '../../chat/search/question-words.ts';
import { answersQuestion, rankPassages } from '../../chat/search/rank-passages.ts';
import { wordWeights } from '../../chat/search/word-weights.ts';
import { orUnavailable } from '../client/errors.ts';
import { type FoundPassage, searchPassages } from './search-passages.ts';
import { readTermRarity } from './term-rarity.ts';

/** Passages that PostgreSQL preselects and this process ranks. */
const shortlist = 50;
const nothing: Retrieved = { passages: [], withheld: 0 };

/**
 * @param remoteModel whether passages are sent to an external model: those without consent are then withheld
 * @param commercialUse whether answers are for commercial use: non-commercial content is then not found
 * @param limit number of passages per answer
 */
export function createRetrieve({
  pool,
  remoteModel,
  commercialUse,
  now,
  limit = 8,
}: {
  pool: Pool;
  remoteModel: boolean;
  commercialUse: boolean;
  now: () => Date;
  limit?: number;
}): Retrieve {
  return async ({ query, history, requester, filters = null, signal }) => {
    const words = questionWords(query, history.at(-1)?.query ?? null);
    if (words.length === 0) return nothing;
    const searched = words.flatMap(({ term, synonyms }) => [term, ...synonyms.keys()]);
    const plan = planSearch(words, await orUnavailable(readTermRarity(pool, searched)), filters !== null);
    if (plan === null) return nothing;
    signal.throwIfAborted();
    const search = { ...plan, requester, commercialUse, filters, now: now(), limit: shortlist };
    const found = await orUnavailable(searchPassages(pool, search));
    const ranked = rankPassages(query, found);
    if (!answersQuestion(plan, ranked)) return nothing;
    const mayBeShown = ({ passage }: { passage: FoundPassage }) => !remoteModel || passage.externalShareConsent;
    return {
      passages: ranked
        .filter(mayBeShown)
        .slice(0, limit)
        .map(({ passage, rank }) => retrieved(passage, rank)),
      withheld: ranked.slice(0, limit).filter((each) => !mayBeShown(each)).length,
      wordWeights: wordWeights(words, plan),
    };
  };
}

function retrieved({ position, parts, externalShareConsent, ...passage }: FoundPassage, rank: number) {
  return { ...passage, rank };
}
