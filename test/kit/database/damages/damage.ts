/** Damage to a database, and the checks of `cli -- verify` that must find it. */
export type Damage = {
  sql: string;
  seenBy: string[];
  superuser?: true;
  told?: string;
  /** Why no statement can repair it. */
  unmended?: string;
};

export const indexes = 'indexes are there and valid';
