/** The ways to calculate the scores that the quality benchmark compares. */
import { join } from 'node:path';
import { openForQuestions } from '../../services/llm/embeddings/open-embeddings.ts';
import { scoreAnswerQuality } from '../../services/quality/score-answer.ts';
import { createScoreByMeaning } from '../../services/quality/score-by-meaning.ts';
import { type QualityScore, type QualityValues, wordsVersions } from '../../services/quality/scores.ts';
import { finder, judge, startLocalEmbeddings } from '../../test/kit/servers/local-embeddings.ts';
import type { LabelledAnswer } from './read-set.ts';

export type Scored = { readonly answer: LabelledAnswer; readonly values: QualityValues };

export type Method = {
  readonly name: string;
  readonly versions: Partial<Readonly<Record<QualityScore, string>>>;
  readonly scored: readonly Scored[];
};

const none = { groundedness: null, answer_relevance: null, context_relevance: null } as const;

export function scoreByWords(answers: readonly LabelledAnswer[]): Method {
  return {
    name: 'words',
    versions: wordsVersions,
    scored: answers.map((answer) => ({ answer, values: scoreAnswerQuality(inputOf(answer)) })),
  };
}

/** With two models of the Python package index, whose weights are in `services/quality/score-by-meaning.ts`. */
export async function scoreByVectors(answers: readonly LabelledAnswer[], cache: string): Promise<readonly Method[]> {
  await using server = await startLocalEmbeddings(join(cache, 'models'), [finder, judge]);
  const methods: Method[] = [];
  for (const model of [finder, judge]) {
    const settings = {
      baseUrl: server.baseUrl,
      apiKey: undefined,
      model,
      prefixes: {},
      batchSize: 16,
      timeoutMs: 60_000,
    };
    const byMeaning = createScoreByMeaning(model, openForQuestions(settings, model, null));
    if (byMeaning === null) continue;
    const scored: Scored[] = [];
    for (const answer of answers) {
      scored.push({ answer, values: { ...none, answer_relevance: await byMeaning.score(inputOf(answer)) } });
    }
    methods.push({ name: model, versions: { answer_relevance: byMeaning.version }, scored });
  }
  return methods;
}

function inputOf({ question, answer, passages, words }: LabelledAnswer) {
  return { query: question, answer, passages, weights: words.length === 0 ? null : new Map(words) };
}
