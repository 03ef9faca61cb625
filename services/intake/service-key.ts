/** Makes the keys of services and the hash by which the database knows them. */
import { createHash, randomBytes } from 'node:crypto';

/** Shown in lists, so that an operator recognises a key. */
const shownCharacters = 12;

/** By the prefix, scanners of secrets find keys that were committed by mistake. */
const keyPrefix = 'ragk_';

export type NewServiceKey = {
  /** Shown once and stored nowhere. */
  readonly key: string;
  readonly sha256: Buffer;
  readonly prefix: string;
};

/** 256 random bits, so a plain hash cannot be reversed by guessing. */
export function makeServiceKey(): NewServiceKey {
  const key = `${keyPrefix}${randomBytes(32).toString('base64url')}`;
  return { key, sha256: hashServiceKey(key), prefix: key.slice(0, shownCharacters) };
}

export function hashServiceKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

export function looksLikeServiceKey(text: string): boolean {
  return text.startsWith(keyPrefix);
}
