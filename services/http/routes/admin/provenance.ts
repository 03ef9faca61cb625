/** GET /api/admin/provenance and GET /api/admin/provenance/expiring: the rights to stored content, and when they expire. */
import { z } from 'zod';
import { acquisitionMethods, contentTypes } from '../../../provenance/content.ts';
import { licenses } from '../../../provenance/license.ts';
import { cutPage, instant, uuid, wholeNumber } from '../../api/schemas.ts';
import { defineRoute } from '../../define-route.ts';

const everyContentType = [...contentTypes, 'ai_response'] as const;

const pageSize = wholeNumber(1, 500).default(100);

const provenanceQuery = z.strictObject({
  contentId: uuid.optional(),
  contentType: z
    .enum(everyContentType, { error: `must be one of ${everyContentType.join(', ')}` })
    .optional()
    .meta({ description: 'Absent: all types except ai_response.' }),
  license: z.enum(licenses, { error: `must be one of ${licenses.join(', ')}` }).optional(),
  sourceUri: z
    .string({ error: 'must be one string' })
    .refine((uri) => uri.isWellFormed() && !uri.includes('\0'), { error: 'contains invalid characters' })
    .optional()
    .meta({ description: 'Prefix of the source URI.' }),
  limit: pageSize,
  before: uuid.optional().meta({ description: 'The `next` of the previous page; only older rows follow.' }),
});

const expiringQuery = z.strictObject({
  days: wholeNumber(0, 3_660).default(30),
  limit: pageSize,
  after: uuid
    .optional()
    .meta({ description: 'The `next` of the previous page; only content that expires later follows.' }),
});

export const provenanceRow = z.object({
  id: z.guid(),
  contentId: z.guid(),
  contentType: z.enum(everyContentType),
  source: z.string().nullable().meta({ description: 'A `source` of GET /api/admin/plugins.' }),
  sourceUri: z.string().nullable(),
  language: z.string().nullable().meta({ description: 'BCP 47.' }),
  publishedAt: instant.nullable().meta({ description: 'As reported by the source.' }),
  license: z.enum(licenses).nullable(),
  acquisitionMethod: z.enum(acquisitionMethods).nullable(),
  rightsHolder: z.string().nullable(),
  permissionFlag: z.boolean(),
  externalShareConsent: z.boolean(),
  hashSha256: z.string().nullable(),
  hashC2pa: z.string().nullable(),
  retentionYears: z.int().nullable(),
  accessPolicy: z.unknown().meta({ description: 'Null: every user may read it.' }),
  acquiredBy: z.guid().nullable(),
  acquiredAt: instant,
  expiresAt: instant.nullable(),
  lastVerifiedAt: instant.nullable(),
  verificationStatus: z.string().nullable(),
  supersededAt: instant.nullable().meta({ description: 'Null: the current version.' }),
  removedAt: instant.nullable().meta({ description: 'Null: its passages are still stored.' }),
});

export type ProvenanceRow = z.output<typeof provenanceRow>;

export const provenancePage = z.object({
  provenance: z.array(provenanceRow).readonly().meta({ description: 'Newest first.' }),
  next: z.guid().nullable().meta({ description: 'Send it as `before` to get older rows. Null: there are none.' }),
});

export const expiringContent = z.object({
  expiring: z
    .array(provenanceRow)
    .readonly()
    .meta({ description: 'Soonest first, including content that has expired and is not removed yet.' }),
  next: z
    .guid()
    .nullable()
    .meta({ description: 'Send it as `after` to get content that expires later. Null: there is none.' }),
});

export type ProvenanceFilter = {
  readonly contentId: string | null;
  /** Null: all types except ai_response. */
  readonly contentType: (typeof everyContentType)[number] | null;
  readonly license: (typeof licenses)[number] | null;
  /** Prefix of the source URI. */
  readonly sourceUri: string | null;
  readonly limit: number;
  /** Id of a row: rows older by (acquired_at, id) follow. */
  readonly before: string | null;
};

/** Reads rows, newest first by (acquired_at, id). @throws {ServiceFailure} `database_unavailable` */
export type ReadProvenance = (filter: ProvenanceFilter) => Promise<readonly ProvenanceRow[]>;

/** Reads content that is not removed and expires within `days`, soonest first. @throws {ServiceFailure} `database_unavailable` */
export type ReadExpiringContent = (page: {
  readonly days: number;
  readonly limit: number;
  /** Id of a row: rows later by (expires_at, id) follow. */
  readonly after: string | null;
}) => Promise<readonly ProvenanceRow[]>;

export const listProvenance = defineRoute({
  id: 'listProvenance',
  method: 'get',
  path: '/api/admin/provenance',
  access: 'admin',
  summary: 'List stored content with its rights',
  query: provenanceQuery,
  response: provenancePage,
  problems: ['database-unavailable'],
  async handler({ query }, { provenance: read }: { readonly provenance: ReadProvenance }) {
    const { contentId = null, contentType = null, license = null, sourceUri = null, limit, before = null } = query;
    const rows = await read({ contentId, contentType, license, sourceUri, limit: limit + 1, before });
    const { page, next } = cutPage(rows, limit);
    return { provenance: page, next };
  },
});

export const listExpiringContent = defineRoute({
  id: 'listExpiringContent',
  method: 'get',
  path: '/api/admin/provenance/expiring',
  access: 'admin',
  summary: 'List content that expires soon',
  query: expiringQuery,
  response: expiringContent,
  problems: ['database-unavailable'],
  async handler({ query }, { expiringContent: read }: { readonly expiringContent: ReadExpiringContent }) {
    const { days, limit, after = null } = query;
    const { page, next } = cutPage(await read({ days, limit: limit + 1, after }), limit);
    return { expiring: page, next };
  },
});
