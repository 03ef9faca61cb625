/** Schemas that several routes share. */
import { z } from 'zod';

/** A point in time: a Date inside, ISO 8601 in UTC in JSON. */
export const instant = z.custom<Date>().meta({ type: 'string', format: 'date-time' });

/** What counts as an identifier in requests: any UUID that PostgreSQL reads, in lower case. */
export const uuid = z.guid({ error: 'must be a UUID' }).toLowerCase();

/** A whole number in a query, where every value is text. */
export const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` });
