/** Reads what a service sent lately and diagnoses it, for the command, the admin API and tests. */
import { type Diagnosis, diagnose } from '../intake/doctor/diagnose.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { orUnavailable } from '../postgres/client/errors.ts';
import { readServiceRecord } from '../postgres/intake/service-record.ts';

/**
 * @param pool of the owner, or of `rag_auditor`
 * @param baseUrl where applications reach the server, for the printed lines
 * @returns null if there is no such service
 */
export async function diagnoseService(pool: Pool, service: string, baseUrl: string): Promise<Diagnosis | null> {
  const record = await orUnavailable(readServiceRecord(pool, service));
  return record === null ? null : diagnose(record, baseUrl);
}
