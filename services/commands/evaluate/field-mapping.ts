/** Which fields of a service's request and reply hold what the evaluation needs. */
import { z } from 'zod';
import { parsePath, valuesAt } from './json-path.ts';

/** A document that the service retrieved or cited. */
export type ReplyDocument = {
  /** Ids, titles and addresses: whatever the service names it by. */
  readonly names: readonly string[];
  /** Null: the reply does not contain the text. */
  readonly text: string | null;
};

export type ServiceReply = {
  readonly answer: string;
  /** Null: the reply does not say, so the text decides. */
  readonly outcome: 'answered' | 'no_answer' | null;
  /** In the order of the marks [1], [2] … of the answer. */
  readonly documents: readonly ReplyDocument[];
  /** Whether at least one citation is valid. Null: the reply does not say. */
  readonly cited: boolean | null;
  /** In yen. Null: unknown. */
  readonly costJpy: number | null;
  /** As the service reports it; null where it does not. */
  readonly latencyMs: number | null;
};

const fields = ['question', 'session', 'answer', 'outcome', 'documents', 'text', 'cited', 'cost', 'latency'] as const;
type Field = (typeof fields)[number];
export type FieldMapping = Readonly<Partial<Record<Field, readonly string[]>>>;

/** This service's own API. */
const own: FieldMapping = {
  question: ['query'],
  session: ['sessionId'],
  answer: ['answer'],
  outcome: ['outcome'],
  documents: ['citations[*].source', 'citations[*].url', 'citations[*].contentId'],
  text: ['citations[*].excerpt'],
  cited: ['citations[*].valid'],
  cost: ['costJpy'],
  latency: ['latencyMs'],
};

/**
 * @param mappings of the form FIELD=PATH; a field may occur several times. None: the API of this service. With any, only `question`
 * and `answer` keep their default.
 * @throws {Error} for an unknown field or an invalid path
 */
export function parseMapping(mappings: readonly string[]): FieldMapping {
  if (mappings.length === 0) return own;
  const mapped: Partial<Record<Field, string[]>> = {};
  for (const each of mappings) {
    const [field = '', ...rest] = each.split('=');
    const path = rest.join('=');
    if (!isField(field) || path === '') {
      throw new Error(`--map ${each}: write it as FIELD=PATH, where FIELD is one of ${fields.join(', ')}`);
    }
    parsePath(path);
    mapped[field] = [...(mapped[field] ?? []), path];
  }
  return { question: ['question'], answer: ['answer'], ...mapped };
}

function isField(text: string): text is Field {
  return (fields as readonly string[]).includes(text);
}

const number = z.coerce.number().finite();

/** @throws {Error} where the reply has no text at the path of the answer */
export function readReply(json: unknown, mapping: FieldMapping): ServiceReply {
  const all = (field: Field) => (mapping[field] ?? []).map((path) => valuesAt(json, parsePath(path)));
  const first = (field: Field): unknown => all(field).flat()[0];
  const numeric = (field: Field): number | null => {
    const value = first(field);
    return value === null || value === undefined || value === '' ? null : (number.safeParse(value).data ?? null);
  };
  const answer = first('answer');
  if (typeof answer !== 'string') {
    throw new Error(`the reply has no text at ${mapping.answer?.join(' or ')}; name the field with --map answer=PATH`);
  }
  const outcome = first('outcome');
  return {
    answer,
    outcome: outcome === 'answered' || outcome === 'no_answer' ? outcome : null,
    documents: documentsOf(json, mapping),
    cited: citedOf(json, mapping.cited ?? []),
    costJpy: numeric('cost'),
    latencyMs: numeric('latency'),
  };
}

/** Paths below one list describe the same elements, so each element is read on its own. */
function documentsOf(json: unknown, mapping: FieldMapping): readonly ReplyDocument[] {
  const paths = [...(mapping.documents ?? []), ...(mapping.text ?? [])];
  const lists = new Set(
    paths.filter((path) => path.includes('[*]')).map((path) => path.slice(0, path.lastIndexOf('[*]'))),
  );
  return [...lists].flatMap((list) => {
    const below = (field: 'documents' | 'text') =>
      (mapping[field] ?? [])
        .filter((path) => path.startsWith(`${list}[*]`))
        .map((path) => path.slice(list.length + '[*]'.length).replace(/^\./, ''));
    return valuesAt(json, parsePath(`${list}[*]`)).map((element) => {
      const values = (field: 'documents' | 'text') =>
        below(field)
          .flatMap((path) => (path === '' ? [element] : valuesAt(element, parsePath(path))))
          .filter((value) => typeof value === 'string' || typeof value === 'number')
          .map(String);
      return { names: values('documents'), text: values('text')[0] ?? null };
    });
  });
}

/** Citations say true, false or null each; a service may instead give a number of citations or a share. */
function citedOf(json: unknown, paths: readonly string[]): boolean | null {
  const values = paths.flatMap((path) => valuesAt(json, parsePath(path)));
  const judged = values.filter((value) => typeof value === 'boolean' || typeof value === 'number');
  if (judged.length > 0) return judged.some((value) => value === true || (typeof value === 'number' && value > 0));
  const isEmptyList = (path: string) => {
    const [list] = valuesAt(json, parsePath(path.slice(0, path.indexOf('[*]'))));
    return Array.isArray(list) && list.length === 0;
  };
  // An answer whose list of citations is empty cites nothing; one whose citations were not judged is not judged.
  return paths.some((path) => path.indexOf('[*]') > 0 && isEmptyList(path)) ? false : null;
}
