/** Concludes from what an application sent why its turns are missing or incomplete. The first finding is the most urgent one. */
import { type CheckedField, checkedFields } from '../missing-fields.ts';
import type { TurnNotes } from '../spans/notes.ts';
import { fixOf } from './fixes.ts';

export type ServiceRecord = {
  readonly service: string;
  /** Null: never used. */
  readonly keyLastUsedAt: Date | null;
  readonly validKeys: number;
  /** The latest turns, newest first. */
  readonly turns: readonly {
    readonly id: string;
    readonly at: Date;
    readonly outcome: string;
    readonly intake: TurnIntake | null;
  }[];
  /** Of the latest assembled turns, newest first. */
  readonly notes: readonly TurnNotes[];
  readonly pendingSpans: number;
  /** Seconds since the oldest of them arrived; null without any. */
  readonly oldestPendingSeconds: number | null;
  /** Of the last day, of this service and of unknown keys. */
  readonly refused: readonly RefusedRequests[];
};

export type TurnIntake = {
  readonly dialect: string;
  readonly missing: readonly string[];
  readonly dropped: readonly string[];
  readonly notJudged: readonly string[];
};

export type RefusedRequests = {
  /** Empty: the key is unknown. */
  readonly service: string;
  readonly keyPrefix: string;
  readonly path: string;
  readonly reason: string;
  readonly count: number;
  readonly lastAt: Date;
};

export type Finding = { readonly what: string; readonly fix: string };

export type FieldState = {
  readonly field: CheckedField;
  /** Some: it arrived with part of the turns. */
  readonly state: 'arrived' | 'some' | 'missing' | 'dropped';
  readonly arrived: number;
  readonly of: number;
  /** Null where it arrived. */
  readonly why: string | null;
  readonly fix: string | null;
};

export type Diagnosis = {
  readonly service: string;
  readonly turns: number;
  readonly lastTurnAt: Date | null;
  readonly dialects: readonly string[];
  readonly findings: readonly Finding[];
  readonly fields: readonly FieldState[];
};

/** Clocks that differ by more than this falsify latencies and days. Milliseconds. */
const tolerableSkewMs = 300_000;

export function diagnose(record: ServiceRecord, baseUrl: string): Diagnosis {
  const { service, turns, notes } = record;
  const withIntake = turns.flatMap(({ intake }) => (intake === null ? [] : [intake]));
  const dialects = [...new Set(withIntake.map(({ dialect }) => dialect))];
  return {
    service,
    turns: turns.length,
    lastTurnAt: turns[0]?.at ?? null,
    dialects,
    findings: [...arrival(record, baseUrl), ...quality(notes)],
    fields: checkedFields.map((field) => stateOf(field, withIntake)),
  };
}

/** "I sent it and nothing shows." */
function arrival(record: ServiceRecord, baseUrl: string): readonly Finding[] {
  const { service, turns, pendingSpans, oldestPendingSeconds, keyLastUsedAt, validKeys, refused } = record;
  const findings: Finding[] = [];
  if (validKeys === 0) {
    findings.push({ what: 'The service has no valid key.', fix: `npm run -s cli -- services rotate ${service}` });
  }
  if (turns.length === 0 && pendingSpans > 0) {
    const seconds = Math.round(oldestPendingSeconds ?? 0);
    findings.push(
      seconds < 60
        ? {
            what: `${pendingSpans} spans have arrived and wait for the rest of their trace.`,
            fix: 'Run this command again in a minute.',
          }
        : {
            what: `${pendingSpans} spans wait for up to ${seconds} s, and none of them is a call of a model or a step with question and answer.`,
            fix: 'Instrument the client of the model too, and turn on the capture of content.',
          },
    );
  }
  const ownRefused = refused.some((requests) => requests.service !== '');
  if (turns.length === 0 && pendingSpans === 0 && validKeys > 0 && !ownRefused) {
    findings.push(
      keyLastUsedAt === null
        ? { what: 'Nothing has arrived with a key of this service.', fix: `OTEL_EXPORTER_OTLP_ENDPOINT=${baseUrl}` }
        : {
            what: `A key was used last at ${keyLastUsedAt.toISOString()}, but no turn came of what was sent.`,
            fix: 'Instrument the client of the model too, and turn on the capture of content.',
          },
    );
  }
  for (const requests of refused) findings.push(refusedFinding(requests, service, baseUrl));
  return findings;
}

function refusedFinding(requests: RefusedRequests, service: string, baseUrl: string): Finding {
  const { count, path, reason, keyPrefix } = requests;
  const times = `${count === 1 ? '1 request' : `${count} requests`} to ${path}`;
  const key = requests.service === '' ? ` with the unknown key ${keyPrefix === '' ? '(none)' : `${keyPrefix}…`}` : '';
  switch (reason) {
    case '401':
      return {
        what: `${times}${key} had no valid key of a service.`,
        fix: 'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20KEY',
      };
    case '404':
    case '405':
      return {
        what: `${times}${key} went to a path that does not exist.`,
        fix: `OTEL_EXPORTER_OTLP_ENDPOINT=${baseUrl}   # SDKs add /v1/traces; OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it is: ${baseUrl}/v1/traces`,
      };
    case '413':
      return { what: `${times} were too large.`, fix: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE=64' };
    case '415':
      return { what: `${times} had an unknown media type.`, fix: 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf' };
    case '429':
      return {
        what: `${times} exceeded the limit of requests.`,
        fix: `npm run -s cli -- services configure ${service} --requests-per-minute 6000`,
      };
    case '503':
      return {
        what: `${times} came while the server was overloaded or the database unavailable. Exporters retry.`,
        fix: 'See the log of the chat server.',
      };
    case 'no_ai_spans':
      return {
        what: `${times} had spans, but none with attributes of an AI application.`,
        fix: 'Start the instrumentation of the framework before the first call: XInstrumentor().instrument(tracer_provider=provider)',
      };
    default:
      return {
        what: `${times} were refused with ${reason}.`,
        fix: 'The body of the reply says which field is wrong. Exporters log it.',
      };
  }
}

/** What makes numbers of arrived turns wrong. */
function quality(notes: readonly TurnNotes[]): readonly Finding[] {
  const findings: Finding[] = [];
  const dropped = notes.filter(({ droppedAttributes }) => droppedAttributes > 0);
  if (dropped.length > 0) {
    findings.push({
      what: `The SDK dropped attributes in ${dropped.length} of ${notes.length} turns, so their citations are not judged.`,
      fix: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=10000',
    });
  }
  const sampled = notes.map(({ sampling }) => sampling).find((rate) => rate !== null && rate < 1);
  if (sampled !== null && sampled !== undefined) {
    findings.push({
      what: `The application samples: about ${Math.round(sampled * 100)} % of its turns arrive, so counts and costs are too low.`,
      fix: 'OTEL_TRACES_SAMPLER=always_on',
    });
  }
  const skewed = notes.filter(({ skewMs }) => Math.abs(skewMs) > tolerableSkewMs);
  if (skewed.length > 0) {
    const worst = Math.max(...skewed.map(({ skewMs }) => Math.abs(skewMs)));
    findings.push({
      what: `The application's clock differs by up to ${Math.round(worst / 1_000)} s in ${skewed.length} of ${notes.length} turns, or spans arrive that late.`,
      fix: 'Synchronise the clock of the application (NTP).',
    });
  }
  const duplicates = notes.filter(({ duplicate }) => duplicate);
  if (duplicates.length > 0) {
    findings.push({
      what: `Two instrumentations report the same turns (${duplicates.length} of ${notes.length}). Each is recorded once.`,
      fix: `Remove one of them: ${[...new Set(notes.flatMap(({ dialects }) => dialects))].join(', ')}.`,
    });
  }
  return findings;
}

function stateOf(field: CheckedField, turns: readonly TurnIntake[]): FieldState {
  const lacking = turns.filter(({ missing }) => missing.includes(field));
  const dropped = turns.filter((turn) => turn.dropped.includes(field));
  const arrived = turns.length - lacking.length;
  if (turns.length === 0 || (lacking.length === 0 && dropped.length === 0)) {
    return {
      field,
      state: turns.length === 0 ? 'missing' : 'arrived',
      arrived,
      of: turns.length,
      why: null,
      fix: null,
    };
  }
  if (lacking.length === 0) {
    return {
      field,
      state: 'dropped',
      arrived,
      of: turns.length,
      why: 'the SDK dropped or truncated attributes',
      fix: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=10000 and no OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    };
  }
  const { why, fix } = fixOf(field, lacking[0]?.dialect ?? '');
  return { field, state: arrived === 0 ? 'missing' : 'some', arrived, of: turns.length, why, fix };
}
