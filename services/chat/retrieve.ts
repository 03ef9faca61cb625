/** What retrieval is asked and what it gives back. */
import type { ContentType } from '../provenance/content.ts';
import type { License } from '../provenance/license.ts';
import type { PastTurn } from './turn.ts';

/** Who asks, as the HTTP edge authenticated them; access policies are judged against this. */
export type Requester = {
  readonly userId: string;
  readonly role: string;
  readonly groups: readonly string[];
  /** The client's address as the edge trusts it; null where there is none (a command). */
  readonly ip: string | null;
  /** ISO 3166-1 alpha-2; null where no trusted header tells it. */
  readonly country: string | null;
};

/** What a question is narrowed to. Null: not narrowed by this; what a content does not tell fits no narrowing. */
export type Narrowing = {
  /** Of `plugin_registry`. */
  readonly sources: readonly string[] | null;
  readonly licenses: readonly License[] | null;
  /** BCP 47 in lower case; `zh` takes in `zh-hant`. */
  readonly languages: readonly string[] | null;
  readonly contentTypes: readonly ContentType[] | null;
  /** Of the day of publication, or where that is not told of acquisition: at this instant or later. */
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
  /** Whole seconds from the beginning of a recording; null where the source has no time. */
  readonly startSeconds: number | null;
  /** From 0, within the content. */
  readonly paragraphIndex: number;
  readonly sourceUri: string | null;
  readonly license: License | null;
  /** Larger is better; comparable within one retrieval only. */
  readonly rank: number;
};

export type Retrieved = {
  /** Best first. Empty where nothing in the corpus answers the question. */
  readonly passages: readonly RetrievedPassage[];
  /** Passages that would have been used, but may not be shown to a remote model. */
  readonly withheld: number;
};

export type Retrieve = (request: {
  readonly query: string;
  readonly history: readonly PastTurn[];
  readonly requester: Requester;
  /** Absent: everything that the requester may read. */
  readonly narrowing?: Narrowing;
  readonly signal: AbortSignal;
}) => Promise<Retrieved>;
