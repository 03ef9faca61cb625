/** The body of `POST /api/turns`: one turn of another application, as JSON. */
import { z } from 'zod';
import type { Usage } from '../../../chat/turn.ts';
import type { ExternalCall, ExternalDocument, ExternalTurn } from '../../../intake/external-turn.ts';
import { badField, Problem } from '../../api/problem.ts';

/** Characters. A text that a model was shown is shorter. */
const longest = { question: 32_000, answer: 100_000, document: 200_000, documents: 1_000_000, name: 200, url: 2_000 };
const mostDocuments = 100;
const mostCalls = 100;
/** The rollup calculates the last seven days again. Earlier ones would stay as they are. */
const oldestMs = 7 * 24 * 3_600_000;

const text = (limit: number) =>
  z
    .string({ error: 'must be a text' })
    .max(limit, { error: `must have at most ${limit.toLocaleString('en')} characters` });
const name = text(longest.name)
  .min(1, { error: 'must not be empty' })
  .refine((value) => !value.includes('\0'), { error: 'contains a NUL character' });
const milliseconds = z
  .number({ error: 'must be a number of milliseconds' })
  .min(0, { error: 'must not be negative' })
  .max(86_400_000, { error: 'must be at most a day' });

const documentBody = z.strictObject(
  {
    id: text(longest.url).nullish().meta({ description: 'As marks or the register of documents name it.' }),
    text: text(longest.document).nullish().meta({
      description:
        'What the model was shown. Without it the citations of this document are not judged, unless its address or id is content of this server.',
    }),
    url: text(longest.url).nullish(),
    title: text(longest.url).nullish(),
    license: text(longest.name).nullish().meta({ description: 'SPDX identifier, usual name or address.' }),
    score: z.number({ error: 'must be a number' }).nullish(),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'must be an object with text, id, url, title, license, score' : undefined,
  },
);

const usageBody = z.looseObject({}, { error: 'must be an object with promptTokens and completionTokens' }).meta({
  description: 'promptTokens, completionTokens, cachedPromptTokens; or the object of the model server as it is.',
});

const callBody = z.strictObject({
  model: name.nullish(),
  usage: usageBody.nullish(),
  temperature: z.number({ error: 'must be a number' }).nullish(),
});

const errorBody = z.union(
  [
    text(longest.name),
    z.strictObject({
      type: text(longest.name).nullish().meta({ description: 'Name or code: RateLimitError, 429, content_filter …' }),
      stage: z.enum(['retrieve', 'generate']).nullish(),
    }),
  ],
  { error: 'must be a text of at most 200 characters, or an object with type and stage' },
);

export const turnBody = z.strictObject(
  {
    id: name.nullish().meta({ description: 'Your id of the turn: a turn sent again with it is the same row.' }),
    traceId: z
      .string({ error: 'must be 32 hexadecimal digits' })
      .regex(/^[0-9a-f]{32}$/i, { error: 'must be 32 hexadecimal digits' })
      .toLowerCase()
      .nullish(),
    askedAt: z.iso
      .datetime({ offset: true, error: 'must be a time as in 2026-11-30T09:30:00+09:00' })
      .nullish()
      .meta({ description: 'Absent: now. At most seven days ago.' }),
    question: text(longest.question).nullish(),
    answer: text(longest.answer).nullish().meta({ description: 'With its marks, if it has any. Empty: no answer.' }),
    error: errorBody
      .nullish()
      .meta({ description: 'Instead of an answer: name or code of the error, never its text.' }),
    documents: z
      .array(z.union([documentBody, text(longest.document).transform((content) => ({ text: content }))]), {
        error: 'must be a list of documents',
      })
      .max(mostDocuments, { error: `must have at most ${mostDocuments} documents` })
      .nullish()
      .meta({
        description:
          'In the order of the prompt: the mark [2] means the second. Empty: nothing was found. Absent: not known.',
      }),
    model: name.nullish(),
    usage: usageBody.nullish(),
    calls: z
      .array(callBody, { error: 'must be a list of model calls' })
      .max(mostCalls, { error: `must have at most ${mostCalls} calls` })
      .nullish()
      .meta({ description: 'Instead of model and usage, for turns of several model calls: their costs are added.' }),
    latencyMs: milliseconds.nullish(),
    firstTokenMs: milliseconds.nullish(),
    user: name.nullish().meta({ description: 'Stored as an id that is made from it. The text itself is not stored.' }),
    session: name.nullish(),
    tenant: name.nullish(),
    release: name.nullish().meta({ description: 'Version of your application, or hash of its prompt.' }),
    outcome: z.enum(['answered', 'no_answer'], { error: 'must be answered or no_answer' }).nullish(),
    finishReason: text(longest.name).nullish(),
    feedback: z.union([z.literal(-1), z.literal(0), z.literal(1)], { error: 'must be -1, 0 or 1' }).nullish(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export type TurnBody = z.output<typeof turnBody>;

/** Null: it contains no token counts. */
export type ReadUsage = (usage: Readonly<Record<string, unknown>>) => Usage | null;

/** @returns the first problem of fields that depend on each other */
export function externalTurnOf(
  body: TurnBody,
  { service, now, readUsage }: { service: string; now: Date; readUsage: ReadUsage },
): ExternalTurn | Problem {
  const { answer = null, error = null, askedAt, documents = null } = body;
  if ((answer === null) === (error === null)) return badField('answer', 'or error must be sent, and not both');
  if (error === null && !body.question) return badField('question', 'is missing');
  const sent = askedAt ? new Date(askedAt) : now;
  if (now.getTime() - sent.getTime() > oldestMs) return badField('askedAt', 'is more than seven days ago');
  const characters = documents?.reduce((sum, document) => sum + (document.text?.length ?? 0), 0) ?? 0;
  if (characters > longest.documents) {
    return badField('documents', `must have at most ${longest.documents.toLocaleString('en')} characters together`);
  }
  const calls = callsOf(body, readUsage);
  if (calls instanceof Problem) return calls;
  return {
    service,
    id: body.id ?? null,
    traceId: body.traceId ?? null,
    rootSpanId: null,
    // A clock that is ahead would date the turn into a day that has not begun.
    askedAt: sent > now ? now : sent,
    question: body.question ?? null,
    answer,
    error: error === null ? null : errorOf(error),
    documents: documents?.map(documentOf) ?? null,
    calls,
    latencyMs: body.latencyMs ?? null,
    firstTokenMs: body.firstTokenMs ?? null,
    user: body.user ?? null,
    session: body.session ?? null,
    tenant: body.tenant ?? null,
    release: body.release ?? null,
    outcome: body.outcome ?? null,
    finishReason: body.finishReason ?? null,
    feedback: body.feedback ?? null,
    dropped: [],
    dialect: 'rest',
  };
}

function documentOf(document: NonNullable<TurnBody['documents']>[number]): ExternalDocument {
  const known: z.output<typeof documentBody> = document;
  const { id = null, url = null, title = null, license = null, score = null } = known;
  return {
    id: id || null,
    text: known.text ?? null,
    url: url || null,
    title: title || null,
    license: license || null,
    score,
  };
}

function errorOf(error: NonNullable<TurnBody['error']>): NonNullable<ExternalTurn['error']> {
  return typeof error === 'string'
    ? { stage: null, type: error }
    : { stage: error.stage ?? null, type: error.type ?? null };
}

function callsOf(body: TurnBody, readUsage: ReadUsage): readonly ExternalCall[] | null | Problem {
  const { calls, model, usage } = body;
  if (calls && (model || usage)) return badField('calls', 'replaces model and usage; send one of the two');
  const sent = calls ?? (model || usage ? [{ model, usage }] : null);
  if (sent === null) return null;
  const read: ExternalCall[] = [];
  for (const call of sent) {
    const tokens = call.usage ? readUsage(call.usage) : null;
    if (call.usage && tokens === null) {
      return badField('usage', 'has no token counts; send {"promptTokens": 187, "completionTokens": 41}');
    }
    read.push({
      model: call.model ?? null,
      usage:
        tokens === null
          ? null
          : {
              prompt: tokens.promptTokens,
              completion: tokens.completionTokens,
              total: tokens.totalTokens,
              cached: tokens.cachedPromptTokens,
              cacheWrite: null,
              reasoning: null,
            },
      temperature: 'temperature' in call ? (call.temperature ?? null) : null,
    });
  }
  return read;
}
