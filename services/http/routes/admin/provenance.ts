/** GET /api/admin/provenance and what expires next: which content is used, and by which right. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { acquisitionMethods, contentTypes } from '../../../provenance/content.ts';
import { licenses } from '../../../provenance/license.ts';
import { cutPage } from '../../api/pagination.ts';
import { parseQuery } from '../../api/parse-input.ts';
import { instant, uuid, wholeNumber } from '../../api/schemas.ts';

const everyContentType = [...contentTypes, 'ai_response'] as const;

const pageSize = wholeNumber(1, 500).default(100);

export const provenanceQuery = z.strictObject({
  contentId: uuid.optional(),
  contentType: z
    .enum(everyContentType, { error: `must be one of ${everyContentType.join(', ')}` })
    .optional()
    .meta({ description: 'Absent: every type but ai_response.' }),
  license: z.enum(licenses, { error: `must be one of ${licenses.join(', ')}` }).optional(),
  sourceUri: z
    .string({ error: 'must be one string' })
    .refine((uri) => uri.isWellFormed() && !uri.includes('\0'), { error: 'contains what is no character' })
    .optional()
    .meta({ description: 'The beginning of a source URI.' }),
  limit: pageSize,
  before: uuid.optional().meta({ description: 'The `next` of the page before: only older rows follow.' }),
});

export const expiringQuery = z.strictObject({
  days: wholeNumber(0, 3_660).default(30),
  limit: pageSize,
  after: uuid.optional().meta({ description: 'The `next` of the page before: only what expires later follows.' }),
});

export const provenanceRow = z.object({
  id: z.guid(),
  contentId: z.guid(),
  contentType: z.enum(everyContentType),
  source: z.string().nullable().meta({ description: 'Of /api/admin/plugins.' }),
  sourceUri: z.string().nullable(),
  language: z.string().nullable().meta({ description: 'BCP 47.' }),
  publishedAt: instant.nullable().meta({ description: 'As the source tells it.' }),
  license: z.enum(licenses).nullable(),
  acquisitionMethod: z.enum(acquisitionMethods).nullable(),
  rightsHolder: z.string().nullable(),
  permissionFlag: z.boolean(),
  externalShareConsent: z.boolean(),
  hashSha256: z.string().nullable(),
  hashC2pa: z.string().nullable(),
  retentionYears: z.int().nullable(),
  accessPolicy: z.unknown().meta({ description: 'Null: everyone may read.' }),
  acquiredBy: z.guid().nullable(),
  acquiredAt: instant,
  expiresAt: instant.nullable(),
  lastVerifiedAt: instant.nullable(),
  verificationStatus: z.string().nullable(),
  supersededAt: instant.nullable().meta({ description: 'Null: the current version.' }),
  removedAt: instant.nullable().meta({ description: 'Null: its passages are still here.' }),
});

export type ProvenanceRow = z.output<typeof provenanceRow>;

export const provenancePage = z.object({
  provenance: z.array(provenanceRow).readonly().meta({ description: 'Newest first.' }),
  next: z.guid().nullable().meta({ description: 'Send it as `before` for older rows. Null: there are none.' }),
});

export const expiringContent = z.object({
  expiring: z
    .array(provenanceRow)
    .readonly()
    .meta({ description: 'Next to expire first; what has expired and is still here, too.' }),
  next: z.guid().nullable().meta({ description: 'Send it as `after` for what expires later. Null: there is none.' }),
});

export type ProvenanceFilter = {
  readonly contentId: string | null;
  /** Null: every type but ai_response. */
  readonly contentType: (typeof everyContentType)[number] | null;
  readonly license: (typeof licenses)[number] | null;
  /** The beginning of a source URI. */
  readonly sourceUri: string | null;
  readonly limit: number;
  /** A row's id: those older by (acquired_at, id) follow. */
  readonly before: string | null;
};

/** Newest first by (acquired_at, id). @throws {ChatFailure} `database_unavailable` */
export type ReadProvenance = (filter: ProvenanceFilter) => Promise<readonly ProvenanceRow[]>;

/** Content not yet removed that expires within `days`, soonest first. @throws {ChatFailure} `database_unavailable` */
export type ReadExpiringContent = (page: {
  readonly days: number;
  readonly limit: number;
  /** A row's id: those later by (expires_at, id) follow. */
  readonly after: string | null;
}) => Promise<readonly ProvenanceRow[]>;

export function listProvenance(read: ReadProvenance): RequestHandler {
  return async (req, res) => {
    const { contentId, contentType, license, sourceUri, limit, before } = parseQuery(req, provenanceQuery);
    const rows = await read({
      contentId: contentId ?? null,
      contentType: contentType ?? null,
      license: license ?? null,
      sourceUri: sourceUri ?? null,
      limit: limit + 1,
      before: before ?? null,
    });
    const { page, next } = cutPage(rows, limit);
    res.json({ provenance: page, next } satisfies z.output<typeof provenancePage>);
  };
}

export function listExpiring(read: ReadExpiringContent): RequestHandler {
  return async (req, res) => {
    const { days, limit, after } = parseQuery(req, expiringQuery);
    const { page, next } = cutPage(await read({ days, limit: limit + 1, after: after ?? null }), limit);
    res.json({ expiring: page, next } satisfies z.output<typeof expiringContent>);
  };
}
