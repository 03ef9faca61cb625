/** Checks the citations of another application's answer: by its marks, or by attributing its sentences to the documents. */
import { attributeClaims } from '../chat/citations/attribute.ts';
import { citeAnswer } from '../chat/citations/cite.ts';
import { claimsOf } from '../chat/citations/claims.ts';
import { foldExcerpt } from '../chat/citations/excerpt.ts';
import { findMarks } from '../chat/citations/marks.ts';
import { isRefusal } from '../chat/refusal.ts';
import type { RetrievedPassage } from '../chat/retrieve.ts';
import type { Citation } from '../chat/turn.ts';
import type { License } from '../provenance/license.ts';
import { parseLicense } from '../provenance/license-names.ts';
import { numberDocumentMarks } from './document-marks.ts';
import type { ExternalDocument, ExternalTurn, NotJudged } from './external-turn.ts';

/** A document with what is known about it here. */
export type KnownDocument = ExternalDocument & {
  /** From our own content: its text is then ours too. */
  readonly own: { readonly contentId: string; readonly license: License | null } | null;
  /** From the register of the service; null: not registered. */
  readonly registered: { readonly license: License | null; readonly expiresAt: Date | null } | null;
};

export type ExternalCited = {
  readonly outcome: 'answered' | 'no_answer';
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly citationRate: number | null;
  readonly attributed: boolean;
  /** Null: unknown, because the documents are. A document without a known licence reserves all rights. */
  readonly licenses: readonly (License | null)[] | null;
  readonly notJudged: readonly NotJudged[];
};

const empty = { citations: [], attributed: false, notJudged: [] };

/** @param phrases of the service: an answer that contains one is "no answer" */
export function citeExternal(
  turn: ExternalTurn,
  documents: readonly KnownDocument[] | null,
  phrases: readonly string[],
  at: Date,
): ExternalCited {
  const answer = numberDocumentMarks((turn.answer ?? '').trim(), documents ?? []);
  const query = turn.question ?? '';
  const passages = (documents ?? []).map(passageOf);
  const numbered = { count: passages.length, texts: passages.map(({ text }) => foldExcerpt(text)) };
  const claims = claimsOf(answer, numbered);
  const refuses = answer === '' || saysNothingFound(answer, phrases) || isRefusal(claims);
  if (turn.outcome === 'no_answer' || (turn.outcome === null && refuses)) {
    return { ...empty, outcome: 'no_answer', answer, citationRate: 0, licenses: [] };
  }
  const outcome = 'answered' as const;
  if (documents === null) {
    return { ...empty, outcome, answer, citationRate: null, licenses: null, notJudged: ['documents_missing'] };
  }
  const marked = findMarks(answer, numbered).length > 0;
  const cited = marked
    ? citeAnswer({ text: answer }, passages, at, query)
    : { answer, ...attributeClaims(claims, passages, at, query) };
  const notJudged = reasonsOf(turn, documents, cited);
  const unsure = notJudged.includes('documents_dropped');
  return {
    outcome,
    answer: cited.answer,
    citations: cited.citations.map((citation) => externalCitation(citation, unsure)),
    citationRate: isIncomplete(notJudged) && cited.citationRate !== 100 ? null : cited.citationRate,
    attributed: !marked && cited.citations.length > 0,
    licenses: cited.sources.map(({ license }) => license),
    notJudged,
  };
}

function passageOf(document: KnownDocument, index: number): RetrievedPassage {
  const { id, url, title, text, license, score, own, registered } = document;
  const reference = id ?? url ?? `#${index + 1}`;
  return {
    passageId: reference,
    contentId: own?.contentId ?? reference,
    contentType: 'generated',
    title: title ?? '',
    heading: '',
    text: text ?? '',
    pageNumber: null,
    startSeconds: null,
    paragraphIndex: 0,
    sourceUri: url,
    license: (license === null ? null : parseLicense(license)) ?? registered?.license ?? own?.license ?? null,
    rank: score ?? 0,
  };
}

/** Another application does not say where in the document a passage is. Where documents are missing, "not found" proves nothing. */
function externalCitation({ paragraphIndex: _, ...citation }: Citation, unsure: boolean): Citation {
  return unsure && citation.valid === false ? { ...citation, valid: null, confidence: 0 } : citation;
}

function reasonsOf(
  { dropped }: ExternalTurn,
  documents: readonly KnownDocument[],
  { citations, citationRate }: { citations: readonly Citation[]; citationRate: number | null },
): readonly NotJudged[] {
  const withoutText = documents.some(({ text }) => text === null || text.trim() === '');
  const unjudged = citationRate === null || citations.some(({ valid }) => valid === null);
  return [
    ...(dropped.includes('documents') ? (['documents_dropped'] as const) : []),
    ...(dropped.includes('answer') ? (['answer_truncated'] as const) : []),
    ...(unjudged && withoutText ? (['documents_without_text'] as const) : []),
    ...(unjudged && !withoutText ? (['other_language'] as const) : []),
  ];
}

function isIncomplete(reasons: readonly NotJudged[]): boolean {
  return reasons.includes('documents_dropped') || reasons.includes('answer_truncated');
}

function saysNothingFound(answer: string, phrases: readonly string[]): boolean {
  const folded = foldExcerpt(answer).toLowerCase();
  return phrases.some((phrase) => folded.includes(foldExcerpt(phrase).toLowerCase()));
}
