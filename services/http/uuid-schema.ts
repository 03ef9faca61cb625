/** What counts as an identifier in requests: any UUID that PostgreSQL reads, in lower case. */
import { z } from 'zod';

export const uuid = z.guid({ error: 'must be a UUID' }).toLowerCase();
