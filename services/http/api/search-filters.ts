/** The search filters of a question. */
import { z } from 'zod';
import type { SearchFilters } from '../../chat/retrieve.ts';
import { contentTypes } from '../../provenance/content.ts';
import { licenses } from '../../provenance/license.ts';
import { addDays, startOf } from '../../rollup/day.ts';

const listError = { error: 'must be a list of 1 to 20' };
const list = <Item extends z.ZodType>(item: Item) => z.array(item, listError).min(1, listError).max(20, listError);
const source = z
  .string({ error: 'must be a string' })
  .regex(/^[a-z][a-z0-9-]{0,49}$/, 'is not a valid source name such as note or local');
const language = z
  .string({ error: 'must be a string' })
  .toLowerCase()
  .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/, 'is not a valid language tag such as ja, en or zh-hant');
const timeError = { error: 'must be a date (2026-03-07) or a date-time with offset (2026-03-07T09:00:00+09:00)' };
const day = z.iso.date(timeError);
const time = z.union([day, z.iso.datetime({ offset: true, ...timeError })], timeError);

export const sources = list(source).meta({
  description: 'Search only these sources (`source` of GET /api/admin/plugins). An unknown source has no content.',
});

export const filters = z
  .strictObject(
    {
      license: list(z.enum(licenses, { error: `must be one of ${licenses.join(', ')}` })).optional(),
      language: list(language)
        .optional()
        .meta({ description: 'BCP 47. `zh` includes `zh-hant`. Content with an unknown language is excluded.' }),
      type: list(z.enum(contentTypes, { error: `must be one of ${contentTypes.join(', ')}` })).optional(),
      date: z
        .strictObject(
          { from: time.optional(), to: time.optional() },
          { error: 'must be an object with from, to or both' },
        )
        .optional()
        .meta({
          description:
            'Publication date according to the source, otherwise date of ingestion. Dates are days in Asia/Tokyo; `to` is inclusive.',
        }),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
  )
  .meta({ description: 'Search only content that matches every filter. A list matches if any of its values matches.' });

/** Undefined: no filter is set. */
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
