/** Answers "which passages speak to this question?" from the database. */
import type { Pool } from 'pg';
import type { Retrieve, Retrieved } from '../../chat/retrieve.ts';
import { planSearch } from '../../chat/search/plan-search.ts';
import { questionWords } from '../../chat/search/question-words.ts';
import { answersQuestion, rankPassages } from '../../chat/search/rank-passages.ts';
import { orUnavailable } from '../client/errors.ts';
import { type FoundPassage, searchPassages } from './search-passages.ts';
import { readTermRarity } from './term-rarity.ts';

/** Passages that Postgres ranks and this process puts in their final order. */
const shortlist = 50;
const nothing: Retrieved = { passages: [], withheld: 0 };

/**
 * @param remoteModel whether passages leave this service: then those without consent to that are withheld
 * @param commercialUse whether answers are made for commercial advantage: then content for non-commercial use is not found
 * @param limit passages an answer is made from
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
    const asked = words.flatMap(({ term, synonyms }) => [term, ...synonyms.keys()]);
    const plan = planSearch(words, await orUnavailable(readTermRarity(pool, asked)), filters !== null);
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
    };
  };
}

function retrieved({ position, parts, externalShareConsent, ...passage }: FoundPassage, rank: number) {
  return { ...passage, rank };
}
