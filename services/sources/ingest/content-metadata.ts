/** Metadata of a document: its rights, its origin, who may read it. Validated in the same way wherever it is stated. */
import { z } from 'zod';
import { acquisitionMethods, contentTypes } from '../../provenance/content.ts';
import { type License, licenses } from '../../provenance/license.ts';
import { parseLicense } from '../../provenance/license-names.ts';
import { cleanText } from '../text/fold-space.ts';

const text = z
  .union([z.string(), z.number()], 'is not text')
  .transform((value) => cleanText(String(value)).trim())
  .pipe(z.string().min(1, 'is empty').max(2000, 'is longer than 2,000 characters'));

const notAnInstant = 'is not a date (2027-03-31) or an instant with its zone (2027-03-31T18:00:00+09:00)';

/** A date means its first instant in UTC. */
const instant = z
  .string(notAnInstant)
  .transform((value) => (z.iso.date().safeParse(value).success ? `${value}T00:00:00Z` : value))
  .refine((value) => z.iso.datetime({ offset: true }).safeParse(value).success, notAnInstant)
  .transform((value) => new Date(value));

const dateParts =
  /^(\d{4})(?:-|\/|\.|年\s?)(\d{1,2})(?:-|\/|\.|月\s?)(\d{1,2})日?(?:[T\s]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|JST|[+-]\d{2}:?\d{2})?)?$/i;

/** As other tools write it: `2024-01-05 10:00`, `2024/1/5`. Without a zone it is UTC. */
const publishedAt = z.string(notAnInstant).transform((value, context): Date => {
  const [, year, month = '', day = '', hour = '0', minute = '00', second = '00', zone = 'Z'] =
    dateParts.exec(value.trim()) ?? [];
  const two = (part: string) => part.padStart(2, '0');
  const named = { UTC: 'Z', GMT: 'Z', Z: 'Z', JST: '+09:00' }[zone.toUpperCase()];
  const offset = named ?? zone.replace(/^(.\d\d):?(\d\d)$/, '$1:$2');
  const iso = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${offset}`;
  if (year !== undefined && z.iso.datetime({ offset: true }).safeParse(iso).success) return new Date(iso);
  context.addIssue({ code: 'custom', message: notAnInstant });
  return z.NEVER;
});

/** A name, several, or an object that names it: `{name: MIT, url: https://…}`. */
const license = z.unknown().transform((value, context): License => {
  const found = licenseIn(value);
  if (found !== null) return found;
  context.addIssue({
    code: 'custom',
    message: `is not a known licence; use an SPDX identifier such as CC-BY-4.0, a Creative Commons URL, or one of ${licenses.join(', ')}`,
  });
  return z.NEVER;
});

function licenseIn(value: unknown): License | null {
  if (typeof value === 'string') return parseLicense(value);
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    const names = value.map((each) => (typeof each === 'object' && each !== null ? firstName(each) : each));
    return names.length > 0 && names.every((each) => typeof each === 'string')
      ? parseLicense(names.join(' AND '))
      : null;
  }
  return parseLicense(firstName(value) ?? '');
}

function firstName(value: object): string | null {
  const fields = value as Record<string, unknown>;
  const known = ['spdx', 'id', 'identifier', 'type', 'name', 'title', 'url', 'href']
    .map((name) => fields[name])
    .filter((each): each is string => typeof each === 'string');
  return known.find((each) => parseLicense(each) !== null) ?? known[0] ?? null;
}

const limits = 'readGroups, writeGroups, expiresAt, geoRestrictions, ipWhitelist';
const notAPolicy = ({ code }: { code?: string }) =>
  code === 'unrecognized_keys'
    ? `has a limit that is none of ${limits}`
    : `is not limits by name, such as {readGroups: [staff]}; they are ${limits}`;

/** Strict: a misspelt limit would otherwise admit every user. */
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
    // Verification reads files again by their own URL, so no document may name another file.
    sourceUri: text.refine((uri) => !/^\s*file:/i.test(uri), 'is a file URL; use the address at which it is published'),
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
    publishedAt,
    language: z
      .string('is not a language such as ja, en or zh-hant')
      .transform((value) =>
        value
          .trim()
          .toLowerCase()
          .replaceAll('_', '-')
          .replace(/\.utf-?8$/, ''),
      )
      .pipe(z.string().regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/, 'is not a language such as ja, en or zh-hant')),
  })
  .partial();

/** Absent: not stated. */
export type ContentMetadata = z.output<typeof contentMetadata>;

/**
 * @param input the value that was parsed
 * @returns for each field its name, what is expected, and what was found
 */
export function metadataProblems(error: z.ZodError, input: unknown): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.')} ${message} (it is ${found(path.reduce(within, input))})`)
    .join('; ');
}

function within(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined;
}

/** Shortened, and without control characters that a terminal would obey. */
function found(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? 'empty' : JSON.stringify(cleanText(value).slice(0, 40));
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.keys(value).slice(0, 5);
  return names.length === 0
    ? 'empty'
    : `values named ${names.map((name) => JSON.stringify(cleanText(name).slice(0, 40))).join(', ')}`;
}
