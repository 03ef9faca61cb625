/** The quality scores of an answer. */

/** A score with the version of its calculation. */
type VersionedScore = { readonly value: number; readonly version: string };

/** By the name of the score; scores that were not calculated are absent. */
export type Quality = Readonly<Record<string, VersionedScore>>;
