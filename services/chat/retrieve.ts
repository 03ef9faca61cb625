/** The request and the result of retrieval. */
import type { ContentType } from '../provenance/content.ts';
import type { License } from '../provenance/license.ts';
import type { Asked } from './gate/asked-words.ts';
import type { PastTurn } from './turn.ts';

/** The authenticated user. Access policies are evaluated against these values. */
export type Requester = {
  readonly userId: string;
  readonly role: string;
  readonly groups: readonly string[];
  /** The tenant that the user's token names (TENANT_CLAIM). */
  readonly tenant?: string;
  /** The client's address, after trusted proxies; null for a command, which has none. */
  readonly ip: string | null;
  /** ISO 3166-1 alpha-2; null without a trusted header. */
  readonly country: string | null;
};

/** Limits retrieval to part of the corpus. Null: no limit. A document without the filtered metadata never matches. */
export type SearchFilters = {
  /** Of `plugin_registry`. */
  readonly sources: readonly string[] | null;
  readonly licenses: readonly License[] | null;
  /** BCP 47 in lower case; `zh` includes `zh-hant`. */
  readonly languages: readonly string[] | null;
  readonly contentTypes: readonly ContentType[] | null;
  /** Published at this instant or later; documents without a publication date count from their acquisition. */
  readonly from: Date | null;
  /** Before this instant. */
  readonly before: Date | null;
};

export type RetrievedPassage = {
  readonly passageId: string;
  readonly contentId: string;
  readonly contentType: 'material' | 'creation_log' | 'generated' | 'note_article' | 'ai_response';
  readonly title: string;
  /** Headings above the passage, outermost first, joined by " › "; empty where there are none. */
  readonly heading: string;
  readonly text: string;
  /** From 1; null where the format has no pages. */
  readonly pageNumber: number | null;
  /** Whole seconds from the beginning of a recording; null for sources without time codes. */
  readonly startSeconds: number | null;
  /** From 0, within the document. */
  readonly paragraphIndex: number;
  readonly sourceUri: string | null;
  readonly license: License | null;
  /** Larger is better; comparable within one retrieval only. */
  readonly rank: number;
};

export type Retrieved = {
  /** Best first; whether they answer the question is decided later. Empty where the corpus has none of its words. */
  readonly passages: readonly RetrievedPassage[];
  /** Absent or null: nothing was found. */
  readonly asked?: Asked | null;
  /** Matching passages left out because their owner did not consent to sharing them with a remote model. */
  readonly withheld: number;
  /** Inverse document frequency of the question's words; absent: not known. */
  readonly wordWeights?: ReadonlyMap<string, number>;
};

export type Retrieve = (request: {
  readonly query: string;
  readonly history: readonly PastTurn[];
  readonly requester: Requester;
  /** Absent: everything that the requester may read. */
  readonly filters?: SearchFilters;
  readonly signal: AbortSignal;
}) => Promise<Retrieved>;
