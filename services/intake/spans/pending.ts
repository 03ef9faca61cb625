/** Decides what of the received spans and log events waits for assembly. */
import { createHash } from 'node:crypto';
import type { MaskText } from '../mask-texts.ts';
import { groupOf } from './group.ts';
import { isAiSpan, readSpan } from './read-span.ts';
import type { Attributes, LogEvent, Span, SpanEvent, Value } from './span.ts';

export type PendingItem = {
  /** What is assembled together. */
  readonly group: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a span; a hash for a log event, because a span has several. */
  readonly part: string;
  /** The application's id of the user; null where the item names none. */
  readonly user: string | null;
  /** False for a span that only links others, such as that of the HTTP request around them. */
  readonly isAi: boolean;
  readonly content: PendingContent;
};

export type PendingContent =
  | { readonly span: Span; readonly event?: undefined }
  | { readonly event: LogEvent; readonly span?: undefined };

export type Received = {
  readonly items: readonly PendingItem[];
  /** Spans and log events without anything of an AI application. */
  readonly foreign: number;
};

/** @throws {TurnRefused} by `mask` for a service whose masks cannot be used */
export function receiveSpans(spans: readonly Span[], mask: MaskText): Received {
  const items: PendingItem[] = [];
  const links: Span[] = [];
  let foreign = 0;
  for (const span of spans) {
    if (!isAiSpan(span)) {
      foreign += 1;
      // Clients of databases and HTTP have no AI spans below them in this process.
      if (span.position !== 'client' && span.position !== 'producer') links.push(linkOf(span));
      continue;
    }
    const group = groupOf(span);
    const user = readSpan(span)?.user ?? null;
    items.push({ ...keyOf(span, group), user, isAi: true, part: '', content: { span: masked(span, mask) } });
  }
  for (const span of links) {
    items.push({ ...keyOf(span, span.traceId), user: null, isAi: false, part: '', content: { span } });
  }
  return { items, foreign };
}

/** @throws {TurnRefused} */
export function receiveLogs(events: readonly LogEvent[], mask: MaskText): Received {
  const own = events.filter(isAiEvent);
  const items = own.map((event): PendingItem => {
    const content = {
      ...event,
      attributes: maskedAttributes(event.attributes, mask),
      body: maskedValue(event.body, mask),
    };
    const part = createHash('sha256').update(JSON.stringify(event)).digest('hex').slice(0, 16);
    return { ...keyOf(event, groupOf(event)), user: null, isAi: true, part, content: { event: content } };
  });
  return { items, foreign: events.length - own.length };
}

function keyOf({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }, group: string) {
  return { group, traceId, spanId };
}

function isAiEvent({ name, attributes }: LogEvent): boolean {
  const named = `${name} ${String(attributes['event.name'] ?? '')}`;
  return named.includes('gen_ai.') || Object.keys(attributes).some((key) => key.startsWith('gen_ai.'));
}

/** Of a span that is kept for its place in the tree. Its name and attributes may hold anything, so they are left out. */
function linkOf(span: Span): Span {
  return { ...span, name: '', attributes: {}, events: [], statusMessage: null, traceState: '', dropped: 0 };
}

function masked(span: Span, mask: MaskText): Span {
  const events = span.events.map(
    (event): SpanEvent => ({ ...event, attributes: maskedAttributes(event.attributes, mask) }),
  );
  return {
    ...span,
    statusMessage: span.statusMessage === null ? null : mask(span.statusMessage),
    attributes: maskedAttributes(span.attributes, mask),
    events,
  };
}

/** Names and ids are no texts, as in turns that arrive by REST. */
const names =
  /(^|[._])(id|ids|kind|type|model|model_name|name|role|url|uri|operationId|userId|sessionId|user_id|session_id)$/;

function maskedAttributes(attributes: Attributes, mask: MaskText): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, names.test(key) ? value : maskedValue(value, mask)]),
  );
}

function maskedValue(value: Value, mask: MaskText): Value {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, mask));
  return typeof value === 'object' && value !== null ? maskedAttributes(value as Attributes, mask) : value;
}
