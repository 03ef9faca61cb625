/** Names the fields of a turn that did not arrive, for `services doctor`. */
import type { ExternalTurn } from './external-turn.ts';

/** The fields that something is measured by. The names are those of `POST /api/turns`. */
export const checkedFields = [
  'question',
  'answer',
  'documents',
  'documents.text',
  'documents.id',
  'documents.url',
  'documents.license',
  'model',
  'usage',
  'usage.cached',
  'latencyMs',
  'firstTokenMs',
  'user',
  'session',
  'release',
  'traceId',
  'finishReason',
] as const;

export type CheckedField = (typeof checkedFields)[number];

/** A part of a field, such as the text of documents, is missing where at least one lacks it. A failed turn has no answer. */
export function missingFields(turn: ExternalTurn): readonly CheckedField[] {
  const { documents, calls } = turn;
  const some = (missing: (document: NonNullable<typeof documents>[number]) => boolean) =>
    documents?.some(missing) === true;
  const usages = calls?.map(({ usage }) => usage) ?? [];
  const missing: Readonly<Record<CheckedField, boolean>> = {
    question: turn.question === null,
    answer: turn.answer === null && turn.error === null,
    documents: documents === null,
    'documents.text': some(({ text }) => text === null),
    'documents.id': some(({ id }) => id === null),
    'documents.url': some(({ url }) => url === null),
    'documents.license': some(({ license }) => license === null),
    model: calls === null || calls.some(({ model }) => model === null),
    usage: calls === null || usages.includes(null),
    'usage.cached': usages.some((usage) => usage !== null && usage.cached === null),
    latencyMs: turn.latencyMs === null,
    firstTokenMs: turn.firstTokenMs === null,
    user: turn.user === null,
    session: turn.session === null,
    release: turn.release === null,
    traceId: turn.traceId === null,
    finishReason: turn.finishReason === null,
  };
  return checkedFields.filter((field) => missing[field]);
}
