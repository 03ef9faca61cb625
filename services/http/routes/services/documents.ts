/** PUT /api/services/:service/documents: licence, rights holder and expiry of the documents that a service cites. */
import { z } from 'zod';
import type { License } from '../../../provenance/license.ts';
import { parseLicense } from '../../../provenance/license-names.ts';
import { badField } from '../../api/problem.ts';
import { defineRoute } from '../../define-route.ts';
import { noService, requireOwnService, serviceName } from './own-service.ts';

const mostDocuments = 1_000;

const documentEntry = z.strictObject({
  reference: z
    .string({ error: 'must be the id or the address of the document' })
    .min(1, { error: 'must not be empty' })
    .max(2_000, { error: 'must have at most 2,000 characters' })
    .meta({ description: 'Id or address, as your turns name the document.' }),
  license: z.string().max(300).nullish().meta({
    description: 'SPDX identifier, usual name or address of the licence. Null: unknown, which reserves all rights.',
  }),
  rightsHolder: z.string().max(500).nullish(),
  expiresAt: z.iso
    .datetime({ offset: true, error: 'must be a time as in 2027-03-31T00:00:00+09:00' })
    .nullish()
    .meta({ description: 'Until when the document may be used. Null: no end.' }),
});

const documentsBody = z.strictObject(
  {
    documents: z
      .array(documentEntry, { error: 'must be a list of documents' })
      .min(1, { error: 'must not be empty' })
      .max(mostDocuments, { error: `must have at most ${mostDocuments.toLocaleString('en')} documents` }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

type ServiceDocument = {
  readonly reference: string;
  readonly license: License | null;
  readonly rightsHolder: string | null;
  readonly expiresAt: Date | null;
};

/** @returns false if there is no such service. @throws {ServiceFailure} `database_unavailable` */
export type PutServiceDocuments = (service: string, documents: readonly ServiceDocument[]) => Promise<boolean>;

export const registerDocuments = defineRoute({
  id: 'registerDocuments',
  method: 'put',
  path: '/api/services/:service/documents',
  access: 'service-or-admin',
  summary: 'Register licence, rights holder and expiry of documents that a service cites',
  description: 'Replaces the entries of these references. Turns that arrive later are judged by them.',
  params: z.strictObject({ service: serviceName }),
  body: documentsBody,
  bodyLimitBytes: 2 * 1_024 * 1_024,
  response: z.object({ registered: z.int() }),
  problems: ['not-found', 'database-unavailable'],
  async handler({ params, body, service }, { putDocuments }: { readonly putDocuments: PutServiceDocuments }) {
    requireOwnService(params.service, service);
    const documents = body.documents.map((entry, index) => ({
      reference: entry.reference,
      license: licenseOf(entry.license ?? null, index),
      rightsHolder: entry.rightsHolder ?? null,
      expiresAt: entry.expiresAt ? new Date(entry.expiresAt) : null,
    }));
    if (!(await putDocuments(params.service, documents))) throw noService(params.service);
    return { registered: new Set(documents.map(({ reference }) => reference)).size };
  },
});

function licenseOf(written: string | null, index: number): License | null {
  if (written === null) return null;
  const license = parseLicense(written);
  if (license === null) {
    throw badField(
      `documents.${index}.license`,
      'is not a known licence; send an SPDX identifier such as CC-BY-4.0, or null',
    );
  }
  return license;
}
