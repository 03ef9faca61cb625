/** Parses the environment variables about identity: lists, names of claims, the map of roles, origins. */
import { z } from 'zod';

/** Values with commas or blanks between them. */
export const list = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
  .refine((values) => values.length > 0, 'must contain a value');

/** Origins of pages: scheme, host and port. `*` means all. */
export const origins = list.transform((values, context) =>
  values.map((value) => {
    if (value === '*') return value;
    const { protocol, origin, pathname, search, hash, username } = URL.canParse(value)
      ? new URL(value)
      : { protocol: '', origin: '', pathname: '', search: '', hash: '', username: '' };
    if (!/^https?:$/.test(protocol) || pathname !== '/' || search + hash + username !== '') {
      context.addIssue({
        code: 'custom',
        message: 'must be origins such as https://lms.example, with a comma between them and without a path; or *',
      });
    }
    return origin;
  }),
);

const mapForm =
  'must be pairs of a role of the identity provider and a role here: Instructor=teacher, Admin=admin; or JSON';
const mapObject = z.record(z.string().min(1), z.string().min(1).max(254));

/** `From=to, From2=to2`, or a JSON object for names with commas. The order is kept: the first role that a user has counts. */
export const roleMap = z.string().transform((text, context) => {
  const entries = text.trim().startsWith('{') ? jsonEntries(text) : pairEntries(text);
  if (entries === null) {
    context.addIssue({ code: 'custom', message: mapForm });
    return z.NEVER;
  }
  return entries;
});

type Entry = { readonly from: string; readonly to: string };

function jsonEntries(text: string): readonly Entry[] | null {
  try {
    const parsed = mapObject.safeParse(JSON.parse(text));
    return parsed.success ? Object.entries(parsed.data).map(([from, to]) => ({ from, to })) : null;
  } catch {
    return null;
  }
}

function pairEntries(text: string): readonly Entry[] | null {
  const entries = text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=');
    return { from: pair.slice(0, Math.max(0, at)).trim(), to: pair.slice(at + 1).trim() };
  });
  return entries.every(({ from, to }) => from !== '' && to !== '') ? entries : null;
}
