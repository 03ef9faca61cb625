/** GET /api/admin/services/:name/doctor: what an application sent lately, what is missing, and what fixes it. */
import { z } from 'zod';
import { instant } from '../../api/schemas.ts';
import { defineRoute } from '../../define-route.ts';
import { noService, serviceName } from '../services/own-service.ts';

const finding = z.object({
  what: z.string(),
  fix: z.string().meta({ description: 'The line to paste or to run.' }),
});

const fieldState = z.object({
  field: z.string(),
  state: z
    .enum(['arrived', 'some', 'missing', 'dropped'])
    .meta({ description: 'some: with part of the turns. dropped: the SDK left it out or truncated it.' }),
  arrived: z.int().meta({ description: 'Turns with the field.' }),
  of: z.int(),
  why: z.string().nullable(),
  fix: z.string().nullable(),
});

const diagnosis = z.object({
  service: z.string(),
  turns: z.int().meta({ description: 'Latest turns that were looked at, at most 20.' }),
  lastTurnAt: instant.nullable(),
  dialects: z.array(z.string()).readonly().meta({ description: 'Instrumentations that wrote the spans, or rest.' }),
  findings: z.array(finding).readonly(),
  fields: z.array(fieldState).readonly(),
});

/** @returns null if there is no such service. @throws {ServiceFailure} `database_unavailable` */
export type DiagnoseService = (service: string) => Promise<z.output<typeof diagnosis> | null>;

export const diagnoseServiceTurns = defineRoute({
  id: 'diagnoseService',
  method: 'get',
  path: '/api/admin/services/:name/doctor',
  access: 'admin',
  summary: 'Find out why turns of a service are missing or incomplete',
  params: z.strictObject({ name: serviceName }),
  response: diagnosis,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { name } }, { diagnoseService }: { readonly diagnoseService: DiagnoseService }) {
    const found = await diagnoseService(name);
    if (found === null) throw noService(name);
    return found;
  },
});
