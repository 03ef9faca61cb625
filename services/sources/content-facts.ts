/** What is told about content beside its text: its rights, its origin, its readers. Checked the same way wherever it is told. */
import { z } from 'zod';
import { acquisitionMethods, contentTypes } from '../provenance/content.ts';
import { type License, licenses } from '../provenance/license.ts';
import { cleanText } from './fold-space.ts';

const text = z
  .union([z.string(), z.number()])
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
const license = z.string().transform((value, context): License => {
  const spelled = value
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
  const known = licenses.find((each) => each === spelled || each === spelled.replace(/^(cc_.*?)_[1-4]_\d$/, '$1'));
  if (known) return known;
  context.addIssue({ code: 'custom', message: `is none of the known licences: ${licenses.join(', ')}` });
  return z.NEVER;
});

/** Strict, unlike the facts: a limit that was misspelt would let everybody in. */
const accessPolicy = z
  .strictObject({
    readGroups: z.array(text),
    writeGroups: z.array(text),
    expiresAt: instant.transform((at) => at.toISOString()),
    geoRestrictions: z.array(z.string().regex(/^[A-Z]{2}$/, 'is not a country code such as JP')),
    ipWhitelist: z.array(
      z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
        error: 'is not an address or a range such as 10.0.0.0/8',
      }),
    ),
  })
  .partial();

export const contentFacts = z
  .object({
    title: text,
    contentType: z.enum(contentTypes),
    materialId: z.guid('is not the id of a row in materials').toLowerCase(),
    license,
    rightsHolder: text,
    sourceUri: text,
    retentionYears: z.number().int('is not a whole number').min(0).max(1000),
    permission: z.boolean(),
    externalShareConsent: z.boolean(),
    accessPolicy,
    acquisitionMethod: z.enum(acquisitionMethods),
    acquiredAt: instant,
  })
  .partial();

/** Absent: not told. */
export type ContentFacts = z.output<typeof contentFacts>;

/** @returns what is wrong with each fact, by its name */
export function factProblems(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')} ${message}`))
    .join('; ');
}
