/** Damage to a database, and the checks of `cli -- verify` that must find it. */
export type Damage = {
  sql: string;
  detectedBy: string[];
  superuser?: true;
  problem?: string;
  /** Why no statement can repair it. */
  unrepairable?: string;
};

export const indexes = 'indexes exist and are valid';
