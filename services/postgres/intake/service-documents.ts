/** Statements on the rag_service_document table: the register of what a service may cite. */
import type { Pool } from 'pg';
import type { License } from '../../provenance/license.ts';
import { storable } from '../client/encoding.ts';
import { orUnavailable } from '../client/errors.ts';
import { asService } from '../client/transaction.ts';

export type ServiceDocument = {
  /** Id or address, as the application sends it with its turns. */
  readonly reference: string;
  readonly license: License | null;
  readonly rightsHolder: string | null;
  /** Null: no end. */
  readonly expiresAt: Date | null;
};

/** Replaces the entries of these references; others stay. */
export async function putServiceDocuments(
  pool: Pool,
  service: string,
  documents: readonly ServiceDocument[],
): Promise<void> {
  const rows = documents.map(({ reference, license, rightsHolder, expiresAt }) => ({
    reference: storable(reference),
    license,
    holder: rightsHolder === null ? null : storable(rightsHolder),
    expires: expiresAt,
  }));
  await orUnavailable(
    asService(pool, service, (client) =>
      client.query({
        name: 'put-service-documents',
        text: `
          insert into rag_service_document (service, reference, license_type, rights_holder, expires_at)
          select distinct on (reference) $1, reference, license, holder, expires
          from jsonb_to_recordset($2::jsonb)
            as document (reference text, license license_type, holder text, expires timestamptz)
          on conflict (service, reference) do update set
            license_type = excluded.license_type, rights_holder = excluded.rights_holder,
            expires_at = excluded.expires_at, updated_at = now()`,
        values: [service, JSON.stringify(rows)],
      }),
    ),
  );
}
