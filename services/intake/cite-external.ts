/** Checks the citations of another application's answer: by its marks, or by attributing its sentences to the documents. */
import { attributeClaims } from '../chat/citations/attribute.ts';
import { type Cited, citeAnswer } from '../chat/citations/cite.ts';
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
  /** Cited documents that the register says may no longer be used, by id or address. */
  readonly expired: readonly string[];
  readonly notJudged: readonly NotJudged[];
};

const empty = { citations: [], attributed: false, expired: [], notJudged: [] };

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
  const noAnswer = { ...empty, outcome: 'no_answer' as const, answer, citationRate: 0, licenses: [] };
  if (turn.outcome === 'no_answer') return noAnswer;
  if (turn.outcome === null && (answer === '' || saysNothingFound(answer, phrases))) return noAnswer;
  const byMarks = citeByMarks(answer, passages, at, query);
  const claims = byMarks === null ? claimsOf(answer, { count: passages.length, texts: [] }) : [];
  const refuses = byMarks === null ? isRefusal(claims) : byMarks.outcome === 'no_answer';
  if (turn.outcome === null && refuses) return noAnswer;
  const outcome = 'answered' as const;
  if (documents === null) {
    return { ...empty, outcome, answer, citationRate: null, licenses: null, notJudged: ['documents_missing'] };
  }
  const cited = byMarks ?? { answer, ...attributeClaims(claims, passages, at, query) };
  const notJudged = reasonsOf(turn, documents, cited);
  const unsure = notJudged.includes('documents_dropped');
  return {
    outcome,
    answer: cited.answer,
    citations: cited.citations.map((citation) => externalCitation(citation, unsure)),
    citationRate: isIncomplete(notJudged) && cited.citationRate !== 100 ? null : cited.citationRate,
    attributed: byMarks === null && cited.citations.length > 0,
    licenses: cited.sources.map(({ license }) => license),
    expired: cited.sources
      .filter((source) => hasExpired(documents[passages.indexOf(source)], turn.askedAt))
      .map(({ passageId }) => passageId),
    notJudged,
  };
}

/** Null: the answer has no marks. A bracket that is copied from a document is none. */
function citeByMarks(answer: string, passages: readonly RetrievedPassage[], at: Date, query: string): Cited | null {
  if (findMarks(answer, { count: passages.length, texts: [] }).length === 0) return null;
  const cited = citeAnswer({ text: answer }, passages, at, query);
  return cited.outcome === 'answered' && cited.citations.length === 0 ? null : cited;
}

/** A document in the form of a retrieved passage; its rank is its score. */
export function passageOf(document: KnownDocument, index: number): RetrievedPassage {
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

function hasExpired(document: KnownDocument | undefined, at: Date): boolean {
  const expiresAt = document?.registered?.expiresAt;
  return expiresAt !== null && expiresAt !== undefined && expiresAt <= at;
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
