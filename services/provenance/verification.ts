/** Whether content that was read again is still what was ingested. */

/** What `verification_status` says of content. */
export const verificationStatuses = [
  /** The bytes are those that were ingested, and a C2PA manifest in them holds. */
  'verified',
  /** The bytes are others. */
  'hash_mismatch',
  /** The C2PA manifest that was in them is another, or is gone. */
  'manifest_mismatch',
  /** The bytes are those that were ingested, but the C2PA manifest in them was made for others, or is damaged. */
  'manifest_invalid',
  /** The file is not there, or may not be read. */
  'unreachable',
  /** The source is not a file that was ingested, so it cannot be read again. */
  'no_fetcher',
  /** Nothing was kept to compare with. */
  'no_hash',
] as const;

export type VerificationStatus = (typeof verificationStatuses)[number];

/** A C2PA manifest store that a file carries. */
export type CarriedManifest = {
  /** Hex, of the store's bytes. */
  readonly sha256: string;
  /** Whether its own hashes and signature agree with the file; who signed is not judged. */
  readonly holds: boolean;
};

export type ReadAgain =
  | { readonly state: 'read'; readonly sha256: string; readonly manifest: CarriedManifest | null }
  | { readonly state: 'unreachable' | 'no_fetcher' };

/** Hashes in hex; null: none was kept. */
export function verificationStatus(
  kept: { readonly sha256: string | null; readonly c2pa: string | null },
  read: ReadAgain,
): VerificationStatus {
  if (read.state !== 'read') return read.state;
  if (kept.sha256 === null) return 'no_hash';
  if (kept.c2pa !== null && kept.c2pa.toLowerCase() !== read.manifest?.sha256) return 'manifest_mismatch';
  if (kept.sha256.toLowerCase() !== read.sha256) return 'hash_mismatch';
  return read.manifest?.holds === false ? 'manifest_invalid' : 'verified';
}
