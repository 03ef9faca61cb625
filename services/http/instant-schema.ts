/** A point in time: a Date inside, ISO 8601 in UTC in JSON. */
import { z } from 'zod';

export const instant = z.custom<Date>().meta({ type: 'string', format: 'date-time' });
