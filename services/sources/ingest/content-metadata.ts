/** What is told about content beside its text: its rights, its origin, its readers. Checked the same way wherever it is told. */
import { z } from 'zod';
import { acquisitionMethods, contentTypes } from '../../provenance/content.ts';
import { type License, licenses } from '../../provenance/license.ts';
import { cleanText } from '../text/fold-space.ts';

const text = z
  .union([z.string(), z.number()], 'is not text')
  .transform((value) => cleanText(String(value)).trim())
  .pipe(z.string().min(1, 'is empty').max(2000, 'is longer than 2,000 characters'));

const notAnInstant = 'is not a date (2027-03-31) or an instant with its zone (2027-03-31T18:00:00+09:00)';

/** A day alone means its first instant in UTC. */
const instant = z
  .string(notAnInstant)
  .transform((value) => (z.iso.date().safeParse(value).success ? `${value}T00:00:00Z` : value))
  .refine((value) => z.iso.datetime({ offset: true }).safeParse(value).success, notAnInstant)
  .transform((value) => new Date(value));

/** `CC-BY-SA-4.0` and `cc_by_sa` are the same: case, separators and the version of a Creative Commons licence do not matter. */
const license = z.string('is not the name of a licence').transform((value, context): License => {
  const spelled = value
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
  const known = licenses.find((each) => each === spelled || each === spelled.replace(/^(cc_.*?)_[1-4]_\d$/, '$1'));
  if (known) return known;
  context.addIssue({ code: 'custom', message: `is none of the known licences: ${licenses.join(', ')}` });
  return z.NEVER;
});

const limits = 'readGroups, writeGroups, expiresAt, geoRestrictions, ipWhitelist';
const notAPolicy = ({ code }: { code?: string }) =>
  code === 'unrecognized_keys'
    ? `has a limit that is none of ${limits}`
    : `is not limits by name, such as {readGroups: [staff]}; they are ${limits}`;

/** Strict, unlike the metadata: a limit that was misspelt would let everybody in. */
const accessPolicy = z
  .strictObject(
    {
      readGroups: z.array(text, 'is not a list such as [staff]'),
      writeGroups: z.array(text, 'is not a list such as [staff]'),
      expiresAt: instant.transform((at) => at.toISOString()),
      geoRestrictions: z.array(
        z.string('is not a country code such as JP').regex(/^[A-Z]{2}$/, 'is not a country code such as JP'),
        'is not a list such as [JP]',
      ),
      ipWhitelist: z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
          error: 'is not an address or a range such as 10.0.0.0/8',
        }),
        'is not a list such as [10.0.0.0/8]',
      ),
    },
    { error: notAPolicy },
  )
  .partial();

export const contentMetadata = z
  .object({
    title: text,
    contentType: z.enum(contentTypes, `is none of ${contentTypes.join(', ')}`),
    materialId: z.guid('is not the id of a row in materials').toLowerCase(),
    license,
    rightsHolder: text,
    sourceUri: text,
    retentionYears: z
      .number('is not a number of years')
      .int('is not a whole number')
      .min(0, 'is below 0')
      .max(1000, 'is above 1,000'),
    permission: z.boolean('is not true or false'),
    externalShareConsent: z.boolean('is not true or false'),
    accessPolicy,
    acquisitionMethod: z.enum(acquisitionMethods, `is none of ${acquisitionMethods.join(', ')}`),
    acquiredAt: instant,
    publishedAt: instant,
    language: z
      .string('is not a language such as ja, en or zh-hant')
      .trim()
      .toLowerCase()
      .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/, 'is not a language such as ja, en or zh-hant'),
  })
  .partial();

/** Absent: not told. */
export type ContentMetadata = z.output<typeof contentMetadata>;

/**
 * @param told what was read, of which the error is
 * @returns of each fact its name, what is expected, and what was found
 */
export function metadataProblems(error: z.ZodError, told: unknown): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.')} ${message} (it is ${found(path.reduce(within, told))})`)
    .join('; ');
}

function within(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined;
}

/** A value may be long, and may hold what a terminal would obey. */
function found(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? 'empty' : JSON.stringify(cleanText(value).slice(0, 40));
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.keys(value).slice(0, 5);
  return names.length === 0
    ? 'empty'
    : `values named ${names.map((name) => JSON.stringify(cleanText(name).slice(0, 40))).join(', ')}`;
}
