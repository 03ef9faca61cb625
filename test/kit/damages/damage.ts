/** What may happen to a database, and which checks of `cli -- verify` have to see it. */
export type Damage = {
  sql: string;
  seenBy: string[];
  superuser?: true;
  told?: string;
  /** Why no statement brings back what it was. */
  unmended?: string;
};

export const indexes = 'indexes exist and are valid';
