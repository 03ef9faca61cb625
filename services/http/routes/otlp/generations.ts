/** POST /api/v1/generations:export: texts of model calls from Grafana's agento11y, whose spans carry none. */
import { z } from 'zod';
import type { Attributes, LogEvent } from '../../../intake/spans/span.ts';
import { defineRoute } from '../../define-route.ts';
import { type ExportDeps, receive } from './export.ts';

const message = z.object({
  role: z.string().max(60),
  parts: z
    .array(z.object({ text: z.string().optional() }))
    .max(1_000)
    .default([]),
});

const generation = z.object({
  id: z.string().max(200).optional(),
  conversation_id: z.string().max(500).optional(),
  trace_id: z.string().regex(/^[0-9a-f]{32}$/i),
  span_id: z.string().regex(/^[0-9a-f]{16}$/i),
  system_prompt: z.string().optional(),
  input: z.array(message).max(1_000).default([]),
  output: z.array(message).max(1_000).default([]),
  started_at: z.iso.datetime().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** The tokens are on the span already. */
export const exportGenerations = defineRoute({
  id: 'exportGenerations',
  method: 'post',
  path: '/api/v1/:action',
  access: 'service',
  summary: 'Send texts of model calls with the SDKs of agento11y',
  // A colon would begin a parameter.
  params: z.strictObject({ action: z.literal('generations:export') }),
  unknownParams: 'not-found',
  body: z.object({ generations: z.array(generation).max(100) }),
  bodyLimitBytes: 4 * 1_048_576,
  response: z.object({ results: z.array(z.object({ generation_id: z.string(), accepted: z.boolean() })) }),
  problems: ['database-unavailable', 'overloaded'],
  async handler({ body: { generations }, service }, deps: Pick<ExportDeps, 'receiveLogs' | 'limitExports'>) {
    const decoded = { items: generations.map(eventOf), refused: 0 };
    await deps.limitExports(() => receive(deps.receiveLogs, service, decoded));
    return { results: generations.map(({ id = '' }) => ({ generation_id: id, accepted: true })) };
  },
});

function eventOf(sent: z.output<typeof generation>): LogEvent {
  const { conversation_id: conversation, metadata } = sent;
  const run = metadata['agento11y.framework.run_id'] ?? metadata['sigil.framework.run_id'];
  const attributes: Attributes = {
    'gen_ai.input.messages': sent.input.map(asMessage),
    'gen_ai.output.messages': sent.output.map(asMessage),
    ...(sent.system_prompt !== undefined && { 'gen_ai.system_instructions': sent.system_prompt }),
    ...(conversation !== undefined && { 'gen_ai.conversation.id': conversation }),
    ...(typeof run === 'string' && { 'agento11y.framework.run_id': run }),
  };
  return {
    traceId: sent.trace_id.toLowerCase(),
    spanId: sent.span_id.toLowerCase(),
    name: 'gen_ai.client.inference.operation.details',
    timeMs: sent.started_at === undefined ? 0 : Date.parse(sent.started_at),
    attributes,
    body: null,
    scope: 'agento11y',
  };
}

function asMessage({ role, parts }: z.output<typeof message>) {
  return { role, parts: parts.map(({ text = '' }) => ({ type: 'text', content: text })) };
}
