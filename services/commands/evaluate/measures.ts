/** What is measured of each question, and which way is better. */
import { citeAnswer } from '../../chat/citations/cite.ts';
import { foldExcerpt } from '../../chat/citations/excerpt.ts';
import { findMarks, withoutMarks } from '../../chat/citations/marks.ts';
import { coverage, subjectTerms } from '../../chat/citations/support.ts';
import { scoreAnswerQuality } from '../../quality/score-answer.ts';
import type { QualityScore } from '../../quality/scores.ts';
import type { Asked } from './ask-service.ts';
import type { EvaluationQuestion, Expected } from './evaluation-set.ts';
import type { ReplyDocument, ServiceReply } from './field-mapping.ts';
import { passagesOf } from './reply-passages.ts';

export type Measure = {
  readonly title: string;
  readonly unit: 'share' | 'score' | 'seconds' | 'jpy';
  readonly better: 'higher' | 'lower';
  /** A change for the worse of up to this size is no regression: a least amount, and a part of the baseline's mean. */
  readonly tolerance: { readonly least: number; readonly part: number };
};

const share = { unit: 'share', better: 'higher', tolerance: { least: 0, part: 0 } } as const;
const score = { unit: 'score', better: 'higher', tolerance: { least: 0.01, part: 0 } } as const;

export const measures = {
  correct: { ...share, title: 'Correct outcome: the expected answer, or "not found" where there is none' },
  right: { ...share, title: 'Expected text in the answer or its citations' },
  retrieved: { ...share, title: 'Expected document among the documents' },
  answered: { ...share, title: 'Answerable questions answered' },
  refused: { ...share, title: 'Unanswerable questions refused' },
  cited: { ...share, title: 'Answers with a valid citation' },
  groundedness: { ...score, title: 'Groundedness' },
  answer_relevance: { ...score, title: 'Answer relevance' },
  context_relevance: { ...score, title: 'Context relevance' },
  failed: { ...share, better: 'lower', title: 'Failed questions' },
  // The load of a machine changes between two runs, which is no change of the service.
  latency: { unit: 'seconds', better: 'lower', tolerance: { least: 0.1, part: 0.25 }, title: 'Latency' },
  cost: { unit: 'jpy', better: 'lower', tolerance: { least: 0, part: 0.05 }, title: 'Cost per answer' },
} as const satisfies Record<string, Measure>;

export type MeasureKey = keyof typeof measures;
/** Shares are 0 or 1 for one question. Null: not applicable, or unknown. */
export type Values = Readonly<Record<MeasureKey, number | null>>;

export const measureKeys = Object.keys(measures) as readonly MeasureKey[];

/** A failed question counts as not answered, so that failing never improves a result. */
export function measure(question: EvaluationQuestion, { reply, elapsedMs }: Asked): Values {
  const { answerable, expected } = question;
  const isRefused = reply === null ? null : refusalOf(question.question, reply);
  const isAnswered = isRefused === false;
  const texts = expected.filter(({ contains }) => contains !== null);
  const documents = expected.filter(({ document }) => document !== null);
  const applies = (condition: boolean, value: boolean) => (condition ? Number(value) : null);
  const right = applies(texts.length > 0, reply !== null && isAnswered && holdsAny(texts, reply));
  const retrieved = applies(documents.length > 0, reply !== null && namesAny(documents, reply.documents));
  const refused = applies(answerable === false, isRefused === true);
  const quality = reply === null || !isAnswered ? nothing : qualityOf(question.question, reply);
  return {
    correct: right ?? (answerable === true ? retrieved : refused),
    right,
    retrieved,
    answered: applies(answerable === true, isAnswered),
    refused,
    cited:
      reply !== null && isAnswered
        ? reply.cited === null
          ? citedByMarks(question.question, reply)
          : Number(reply.cited)
        : null,
    ...quality,
    failed: Number(reply === null),
    latency: reply === null ? null : (reply.latencyMs ?? elapsedMs) / 1_000,
    cost: reply === null || isRefused === true ? null : reply.costJpy,
  };
}

const nothing: Readonly<Record<QualityScore, null>> = {
  groundedness: null,
  answer_relevance: null,
  context_relevance: null,
};

/** The service's own word, or the text: a service of others refuses in prose. */
function refusalOf(query: string, reply: ServiceReply): boolean {
  if (reply.outcome !== null) return reply.outcome === 'no_answer';
  return citeAnswer({ text: reply.answer }, passagesOf(reply.documents), new Date(0), query).outcome === 'no_answer';
}

function citedByMarks(query: string, reply: ServiceReply): number | null {
  const passages = passagesOf(reply.documents);
  if (passages.length === 0) return null;
  const { citations } = citeAnswer({ text: reply.answer }, passages, new Date(0), query);
  if (citations.length > 0 && citations.every(({ valid }) => valid === null)) return null;
  return Number(citations.some(({ valid }) => valid === true));
}

function qualityOf(query: string, reply: ServiceReply): Readonly<Record<QualityScore, number | null>> {
  return scoreAnswerQuality({
    query,
    answer: plain(reply.answer),
    passages: passagesOf(reply.documents),
    weights: null,
  });
}

function plain(answer: string): string {
  return withoutMarks(answer, findMarks(answer, { count: 99, texts: [] }));
}

/** Share of the expected text's words that a paraphrase has at least. */
const paraphrased = 0.75;

function holdsAny(expected: readonly Expected[], { answer, documents }: ServiceReply): boolean {
  const texts = [plain(answer), ...documents.flatMap(({ text }) => (text === null ? [] : [text]))];
  const bare = (text: string) => foldExcerpt(text).toLowerCase().replaceAll(' ', '');
  const joined = texts.map(bare);
  const said = subjectTerms(plain(answer));
  return expected.some(({ contains }) => {
    const wanted = contains ?? '';
    return joined.some((text) => text.includes(bare(wanted))) || coverage(subjectTerms(wanted), said) >= paraphrased;
  });
}

/** A document is named by its id, title or address, or by the end of its path. */
function namesAny(expected: readonly Expected[], documents: readonly ReplyDocument[]): boolean {
  const named = documents.flatMap(({ names }) =>
    names.map((name) => foldExcerpt(decoded(name).replace(/[#?].*$/, ''))),
  );
  return expected.some(({ document }) => {
    const wanted = foldExcerpt(document ?? '');
    return named.some((name) => name === wanted || name.endsWith(`/${wanted.replace(/^\//, '')}`));
  });
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
