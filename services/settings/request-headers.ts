/** Parses headers that are added to requests: `api-key=…, X-Title=Course`, or a JSON object for values with commas. */
import { z } from 'zod';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** These follow from the request itself. */
const reserved = new Set(['content-type', 'content-length', 'host', 'connection', 'transfer-encoding', 'accept']);

/** Messages name the header and never its value, which may be a key. */
export const requestHeaders = z.string().transform((text, context) => {
  const pairs = text.trim().startsWith('{') ? jsonPairs(text) : textPairs(text);
  const problem = pairs === null ? 'must be NAME=VALUE, NAME2=VALUE2, or a JSON object with texts' : problemOf(pairs);
  if (problem === null) return Object.fromEntries(pairs ?? []);
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

type Pairs = readonly (readonly [string, string])[];

function jsonPairs(text: string): Pairs | null {
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(text));
    return parsed.success ? Object.entries(parsed.data) : null;
  } catch {
    return null;
  }
}

function textPairs(text: string): Pairs | null {
  const pairs = text.split(',').map((pair) => {
    const [, name = '', value = ''] = /^\s*([^=:\s]+)\s*[=:]\s*(.*?)\s*$/s.exec(pair) ?? [];
    return [name, value] as const;
  });
  return pairs.every(([name, value]) => name !== '' && value !== '') ? pairs : null;
}

function problemOf(pairs: Pairs): string | null {
  for (const [name, value] of pairs) {
    if (!token.test(name)) return 'contains a name that is not the name of an HTTP header';
    if (reserved.has(name.toLowerCase())) return `must not contain ${name}, which follows from the request`;
    if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
      return `has a value for ${name} that no header can carry: a line break, or a character that is not ASCII`;
    }
  }
  return null;
}
