/** OpenLLMetry: Traceloop's SDKs. Prompts are OpenTelemetry's attributes, the rest is in `traceloop.*`. */
import { documentsIn } from '../spans/documents.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import type { Span } from '../spans/span.ts';
import { type Fields, firstName, isFields, nameOf, unpacked } from '../spans/values.ts';

const kinds: Readonly<Record<string, Kind>> = { workflow: 'step', task: 'step', agent: 'agent', tool: 'tool' };
const association = 'traceloop.association.properties.';

export const openllmetry: Dialect = {
  name: 'openllmetry',
  read(span) {
    const { attributes } = span;
    const own = Object.keys(attributes).some((key) => key.startsWith('traceloop.'));
    const found = vectorResults(span);
    if (!own && found === null) return null;
    const kind = kinds[nameOf(attributes['traceloop.span.kind']) ?? ''];
    const input = inner(attributes['traceloop.entity.input']);
    const output = attributes['traceloop.entity.output'];
    const operation = nameOf(attributes['gen_ai.operation.name']);
    const retrieves = operation === 'vector_db_retrieve' || operation === 'retrieval' || found !== null;
    // A plain task that returns documents is a retriever too: the decorators of the SDK have no such kind.
    const documents = found ?? documentsIn(output, retrieves);
    return {
      kind: retrieves || (kind === 'step' && documents !== null && documents.length > 0) ? 'retriever' : kind,
      question: kind === 'step' || kind === 'agent' ? questionIn(input) : null,
      query: questionIn(input),
      answer: kind === 'step' || kind === 'agent' ? answerIn(inner(output)) : null,
      documents,
      user: firstName(
        attributes,
        ['user_id', 'userId', 'user'].map((name) => association + name),
      ),
      session: firstName(
        attributes,
        ['session_id', 'sessionId', 'thread_id', 'conversation_id', 'chat_id'].map((name) => association + name),
      ),
      tenant: firstName(
        attributes,
        ['tenant', 'tenant_id', 'tenantId'].map((name) => association + name),
      ),
      release: firstName(attributes, [
        `${association}release`,
        `${association}version`,
        'traceloop.prompt.version_hash',
      ]),
    };
  },
};

/** LangChain's callbacks add tags and metadata beside the value, which are no text of the user. */
function inner(value: Span['attributes'][string] | undefined): Span['attributes'][string] {
  const fields = unpacked(value);
  if (!isFields(fields)) return fields;
  const { tags: _tags, metadata: _metadata, ...rest } = fields as Fields & { tags?: never; metadata?: never };
  if (rest.inputs !== undefined) return rest.inputs;
  return rest.outputs !== undefined ? rest.outputs : rest;
}

/** Instrumentations of vector databases report each hit as an event. */
function vectorResults({ events }: Span) {
  const hits = events.filter(({ name }) => name === 'db.query.result' || name === 'db.search.result');
  if (hits.length === 0) return null;
  const fields = hits.map((hit) =>
    Object.fromEntries(
      Object.entries(hit.attributes).map(([key, value]) => [key.replace(/^db\.(query|search)\.result\./, ''), value]),
    ),
  );
  return documentsIn(fields, true);
}
