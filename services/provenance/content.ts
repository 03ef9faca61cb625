/** What a source hands to the store: one piece of content, its rights and its passages. */
import type { License } from './license.ts';
import type { CarriedManifest } from './verification.ts';

/** The `acquisition_method` enum. */
export const acquisitionMethods = [
  'api_fetch',
  'manual_upload',
  'ai_generated',
  'user_created',
  'system_import',
] as const;

export type AcquisitionMethod = (typeof acquisitionMethods)[number];

/** The members of the `content_type` enum that a source may bring in; `ai_response` is written by the recorder alone. */
export const contentTypes = ['material', 'creation_log', 'generated', 'note_article'] as const;

export type ContentType = (typeof contentTypes)[number];

/** The `access_policy` column. An absent, null or empty limit does not restrict access. */
export type AccessPolicy = {
  readonly readGroups?: readonly string[];
  readonly writeGroups?: readonly string[];
  /** ISO 8601 instant after which the content is not shown. */
  readonly expiresAt?: string;
  /** ISO 3166-1 alpha-2 codes of the countries that may read. */
  readonly geoRestrictions?: readonly string[];
  /** Addresses or CIDR ranges that may read. */
  readonly ipWhitelist?: readonly string[];
};

export type Passage = {
  /** From 0, consecutive within the content. */
  readonly position: number;
  /** Index of the passage's first paragraph within the content, from 0; never falls as position grows. */
  readonly paragraphIndex: number;
  /** From 1; null where the format has no pages. */
  readonly pageNumber: number | null;
  /** Whole seconds from the beginning of a recording; null where the format has no time. */
  readonly startSeconds: number | null;
  readonly title: string;
  /** Headings above the passage, outermost first, joined by " › "; empty where there are none. */
  readonly heading: string;
  /** Well-formed Unicode without NUL; paragraphs are parted by a blank line. */
  readonly text: string;
};

export type ContentOrigin = {
  /** `plugin_registry.source`. */
  readonly source: string;
  /** Of the item within its source. */
  readonly key: string;
  /** Says which version of the item this is, stored how; null: it is always read again. */
  readonly versionHash: string | null;
  /** Metadata that the operator stated when ingesting it by hand, which later syncs keep; absent: a sync ingested it. */
  readonly stated?: Readonly<Record<string, unknown>>;
};

/** Null means "not stated" everywhere. */
export type ContentDocument = {
  /**
   * Says which content this is: the same key again is the same content, whose passages are replaced when `sha256`
   * differs. Equal to `sourceUri`, which provenance keeps.
   */
  readonly sourceUri: string;
  /** Where it was read from, for messages only. */
  readonly path: string;
  /** The item of a source that it came by. */
  readonly origin: ContentOrigin;
  readonly title: string;
  /** BCP 47 in lower case: `ja`, `en`. */
  readonly language: string | null;
  /** When its source says that it was published or last changed. */
  readonly publishedAt: Date | null;
  readonly contentType: ContentType;
  /** Of type `material`: the row of `materials` that this is. Absent: the one it had, or a new one. */
  readonly materialId?: string;
  readonly license: License | null;
  readonly rightsHolder: string | null;
  readonly permission: boolean | null;
  readonly externalShareConsent: boolean | null;
  readonly retentionYears: number | null;
  readonly accessPolicy: AccessPolicy | null;
  readonly acquisitionMethod: AcquisitionMethod;
  /** Null: the moment it is stored. */
  readonly acquiredAt: Date | null;
  /** Hex, of the file's bytes. */
  readonly sha256: string;
  /** The C2PA manifest that the file carries; null: none. */
  readonly manifest: CarriedManifest | null;
  readonly passages: readonly Passage[];
  /** What was left out of the text, and metadata that was ignored: one line each, without its text. */
  readonly notes?: readonly string[];
};

/**
 * Writes content, its passages, its provenance row and what is known of its item in one transaction.
 *
 * 'unchanged': the current version has the same hash and the same rights, so it counts as verified and is otherwise left as it is.
 * 'created': a content with this `sourceUri` and `contentType` was not there. 'replaced': its passages were exchanged and
 * the former provenance row superseded.
 */
export type StoreContent = (document: ContentDocument) => Promise<'unchanged' | 'created' | 'replaced'>;
