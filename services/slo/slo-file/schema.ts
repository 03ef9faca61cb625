/** The structure of slo.yaml. slo.schema.json, for editors, is generated from it. */
import { z } from 'zod';
import { type IndicatorName, indicatorNames } from '../indicator-names.ts';
import { defaultLimits } from './default-limits.ts';

const label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be the name of a label: letters, digits and _');
/** Labels that rules and Prometheus use themselves. */
const reserved = ['alertname', 'service', 'slo', 'severity', 'beyond', 'job', 'instance', 'le', 'model'];
const identityLabel = label.refine((name) => !reserved.includes(name), {
  error: `must not be one of ${reserved.join(', ')}, which rules use themselves`,
});
const duration = z.string().regex(/^\d+[smhd]$/, 'must be a duration such as 90s, 5m, 1h or 3d');
const url = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' });
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:30');
const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
const text = z.string().trim().min(1, 'must not be empty');
const value = z
  .union([z.number(), z.string().regex(/^¥?\d+(\.\d+)?\s*(%|ms|s)?$/, 'must be a number, or 70%, 1500ms, 3s, ¥3')])
  .meta({
    description: 'In the unit of the indicator: a share (0.7 or 70%), seconds (3, 3s, 1500ms), yen (3 or ¥3), a score.',
  });

const replicaCount = z.int().positive();

const numbers = {
  warning: value.optional().meta({ description: 'A value beyond it sends a message to the chat.' }),
  critical: value.optional().meta({ description: 'A value beyond it pages the on-call person.' }),
  spread: z.number().positive().optional().meta({
    description:
      'For means: standard deviation ÷ mean. For latencies: standard deviation of ln(seconds). Has a default.',
  }),
};

export const objectiveEntry = z.strictObject({
  indicator: z.enum(Object.keys(indicatorNames) as [IndicatorName, ...IndicatorName[]]).meta({
    description: 'What is measured.',
  }),
  title: text.optional().meta({ description: 'As pages, dashboards and alerts show it. Default: from the name.' }),
  titleJa: text.optional(),
  direction: z.enum(['atLeast', 'atMost', 'below']).optional().meta({ description: 'Default: that of the indicator.' }),
  target: value.optional(),
  quantile: z.number().gt(0).lt(1).optional().meta({ description: 'For latencies: 0.95 for P95.' }),
  ...numbers,
  budgetAlert: z.boolean().optional().meta({ description: 'Also alert on the burn rate of the error budget.' }),
  action: text.optional().meta({ description: 'The first thing to do about a breach. Required for alerts.' }),
  actionJa: text.optional(),
  night: z.strictObject({ warning: value.optional(), critical: value.optional() }).optional().meta({
    description: 'Numbers that replace warning and critical at night.',
  }),
  services: z
    .record(text, z.strictObject({ target: value.optional(), ...numbers, action: text.optional() }))
    .optional()
    .meta({ description: 'Other numbers for some services, by the label `service`.' }),
  everyHours: z.number().positive().optional().meta({ description: 'For jobs: one success is due this often.' }),
  graceHours: z.number().min(0).optional().meta({ description: 'For jobs: accepted delay of a run.' }),
});

export type ObjectiveEntry = z.output<typeof objectiveEntry>;

export const sloFileSchema = z
  .strictObject({
    version: z.literal(1),
    objectives: z.record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name must start with a letter and contain only a-z, 0-9 and _'),
      objectiveEntry,
    ),
    identity: z.array(identityLabel).optional().meta({
      description: 'Labels that distinguish deployments in one Prometheus. Rules, alerts and dashboards keep them.',
    }),
    replicas: z.array(identityLabel).optional().meta({
      description:
        'Labels that a pair of Prometheus servers adds to the same series. Of such copies, the largest counts.',
    }),
    jobs: z
      .strictObject({
        chat: text.optional(),
        worker: text.optional(),
        database: text.optional(),
        collector: text.optional(),
        prometheus: text.optional(),
        alertmanager: text.optional(),
      })
      .optional()
      .meta({ description: 'Names of the scrape jobs in Prometheus.' }),
    expected: z
      .strictObject({
        chat: replicaCount.optional(),
        worker: replicaCount.optional(),
        database: replicaCount.optional(),
        collector: replicaCount.optional(),
        prometheus: replicaCount.optional(),
        alertmanager: replicaCount.optional(),
      })
      .optional()
      .meta({ description: 'Fewest scrape targets of each job in a deployment. With fewer, an alert fires.' }),
    spend: z
      .strictObject({
        dailyBudget: z
          .union([
            z.number().positive(),
            z.string().regex(/^¥?\d*[1-9]\d*(\.\d+)?$/, 'must be an amount in yen: 3000 or ¥3000'),
          ])
          .optional()
          .meta({ description: 'Yen that models may cost in 24 hours. More raises RagSpend.' }),
      })
      .optional(),
    links: z
      .strictObject({ runbooks: url.optional(), grafana: url.optional() })
      .optional()
      .meta({ description: 'Base URLs of the links in alerts.' }),
    maintenance: z
      .array(
        z.strictObject({
          name: label,
          days: z.array(weekday).min(1).optional().meta({ description: 'Default: every day.' }),
          from: timeOfDay,
          to: timeOfDay,
          timeZone: text.optional().meta({ description: 'Default: Asia/Tokyo.' }),
        }),
      )
      .optional()
      .meta({ description: 'Times in which Alertmanager sends no notification. Alerts still fire and are recorded.' }),
    night: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional().meta({
      description: 'Times of day in Asia/Tokyo between which `night` numbers apply. Default: 22:00 to 07:00.',
    }),
    limits: overrides(defaultLimits).optional().meta({ description: 'Operational limits without an objective.' }),
  })
  .meta({ title: 'Objectives of rag-observatory' });

/** What is wrong at a place of the file. */
export type SloProblem = { readonly path: readonly PropertyKey[]; readonly message: string };

export type SloFileInput = z.output<typeof sloFileSchema>;

type Tree = { readonly [key: string]: number | string | Tree };

/** Every limit can be changed alone. */
function overrides(defaults: Tree): z.ZodType {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(defaults).map(([key, of]) => {
        const field =
          typeof of === 'number'
            ? z.number().positive().meta({ default: of })
            : typeof of === 'string'
              ? duration.meta({ default: of })
              : overrides(of);
        return [key, field.optional()];
      }),
    ),
  );
}
