/** The filters of a question, as callers write them. */
import { z } from 'zod';
import type { SearchFilters } from '../../chat/retrieve.ts';
import { contentTypes } from '../../provenance/content.ts';
import { licenses } from '../../provenance/license.ts';
import { addDays, startOf } from '../../rollup/day.ts';

const aList = { error: 'must be a list of 1 to 20' };
const list = <Item extends z.ZodType>(item: Item) => z.array(item, aList).min(1, aList).max(20, aList);
const source = z
  .string({ error: 'must be a string' })
  .regex(/^[a-z][a-z0-9-]{0,49}$/, 'is not the name of a source, such as note or local');
const language = z
  .string({ error: 'must be a string' })
  .toLowerCase()
  .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/, 'is not a language such as ja, en or zh-hant');
const notATime = { error: 'must be a day (2026-03-07) or an instant with its zone (2026-03-07T09:00:00+09:00)' };
const day = z.iso.date(notATime);
const time = z.union([day, z.iso.datetime({ offset: true, ...notATime })], notATime);

export const sources = list(source).meta({
  description:
    'Only content of these sources: `source` of GET /api/admin/plugins. One that is not there has no content.',
});

export const filters = z
  .strictObject(
    {
      license: list(z.enum(licenses, { error: `must be one of ${licenses.join(', ')}` })).optional(),
      language: list(language)
        .optional()
        .meta({ description: 'BCP 47. `zh` takes in `zh-hant`. Content in a language that is not known is left out.' }),
      type: list(z.enum(contentTypes, { error: `must be one of ${contentTypes.join(', ')}` })).optional(),
      date: z
        .strictObject({ from: time.optional(), to: time.optional() }, { error: 'must be { from, to }, or one of them' })
        .optional()
        .meta({
          description:
            'When the source says the content was published, else when it was taken in. Days are in Asia/Tokyo, `to` included.',
        }),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
  )
  .meta({ description: 'Only content that fits all of these, and any one of each list.' });

/** Undefined where no filter is set. */
export function toSearchFilters(
  named: z.output<typeof sources> | undefined,
  { license, language, type, date }: z.output<typeof filters> = {},
): SearchFilters | undefined {
  const { from, to } = date ?? {};
  if ([named, license, language, type, from, to].every((each) => each === undefined)) return undefined;
  return {
    sources: named ?? null,
    licenses: license ?? null,
    languages: language ?? null,
    contentTypes: type ?? null,
    from: from === undefined ? null : isDay(from) ? startOf(from) : new Date(from),
    before: to === undefined ? null : isDay(to) ? startOf(addDays(to, 1)) : new Date(to),
  };
}

const isDay = (text: string) => day.safeParse(text).success;
