/** GET /api/admin/error-budgets and GET /api/admin/alerts: remaining error budgets and firing alerts. */
import { z } from 'zod';
import { budgetDays } from '../../../rollup/error-budgets.ts';
import type { Overview } from '../../../rollup/overview.ts';
import {
  type AlertStatus,
  burnRateWindows,
  type ErrorBudgetStatus,
  type PrometheusStatus,
  type ReadPrometheusStatus,
} from '../../../slo/slo-status.ts';
import { defineRoute } from '../../define-route.ts';

const instant = z.string().meta({ format: 'date-time' });

const budget = z.object({
  key: z.string().meta({ description: 'The name of the objective in camel case.' }),
  budget: z.number().nullable().meta({
    description: 'Share of events that may be bad. Null: the objective is about a mean, which has no error budget.',
  }),
  remaining: z
    .number()
    .nullable()
    .meta({
      description: `Share of the ${budgetDays}-day error budget that remains: 1 all, 0 none, negative overspent. Null: no events.`,
    }),
  burnRates: z
    .array(
      z.object({
        window: z.enum(burnRateWindows),
        rate: z
          .number()
          .nullable()
          .meta({ description: 'A burn rate of 1 uses the budget in exactly its period. Null: no events.' }),
      }),
    )
    .readonly(),
  exhaustedInSeconds: z.number().nullable().meta({
    description:
      'Time until the budget is exhausted at the burn rate of the longest window. Null: no budget is being spent.',
  }),
}) satisfies z.ZodType<ErrorBudgetStatus>;

export const errorBudgets = z.object({
  source: z.enum(['prometheus', 'database']).meta({
    description:
      'prometheus: the values that alerts and dashboards use. database: computed from the daily rows because Prometheus is not available.',
  }),
  asOf: instant,
  budgets: z.array(budget).readonly(),
});

export type ErrorBudgets = z.output<typeof errorBudgets>;

const alert = z.object({
  name: z.string().meta({ description: 'The runbook is at /runbooks/NAME.md.' }),
  severity: z.string(),
  slo: z.string().nullable(),
  service: z.string().nullable(),
  since: instant,
  until: instant.nullable().meta({ description: 'Accurate to five minutes. Null: the alert is firing.' }),
}) satisfies z.ZodType<AlertStatus>;

const unknown = { description: 'Null: unknown, which is not the same as none.' };

export const alertList = z.object({
  prometheus: z.enum(['not_connected', 'waiting', 'unreachable', 'connected']).meta({
    description: 'not_connected: PROMETHEUS_URL is not set. waiting: the first query has not been answered yet.',
  }),
  asOf: instant.nullable(),
  rulesRun: z.boolean().nullable().meta({
    description:
      'Whether the watchdog alert, which always fires, is firing. False: Prometheus evaluates no rules, so no alert can fire.',
  }),
  firing: z.array(alert).readonly().nullable().meta(unknown),
  ended: z
    .array(alert)
    .readonly()
    .nullable()
    .meta({ description: `Resolved within the last week, newest first; at most 50. ${unknown.description}` }),
});

/** Reads today so far, the days before and the error budgets from the rows. @throws {ServiceFailure} `database_unavailable` */
export type ReadOverview = (service: string | null) => Promise<Overview>;

/** Longer than one query of Prometheus may take. */
const timeoutMs = 10_000;

/** Prefers the values of Prometheus, which alerts and dashboards use. */
export function selectErrorBudgets(
  prometheus: PrometheusStatus,
  { budgets, report }: Pick<Overview, 'budgets' | 'report'>,
): ErrorBudgets {
  return prometheus.state === 'connected' && prometheus.budgets !== null
    ? { source: 'prometheus', asOf: prometheus.asOf, budgets: prometheus.budgets }
    : { source: 'database', asOf: report.generatedAt, budgets };
}

export const readErrorBudgets = defineRoute({
  id: 'readErrorBudgets',
  method: 'get',
  path: '/api/admin/error-budgets',
  access: 'admin',
  summary: 'Read the error budgets and their burn rates',
  response: errorBudgets,
  problems: ['database-unavailable'],
  async handler(
    _input,
    {
      overview,
      prometheusStatus,
    }: { readonly overview: ReadOverview; readonly prometheusStatus: ReadPrometheusStatus },
  ) {
    const [status, counted] = await Promise.all([prometheusStatus(timeoutMs), overview(null)]);
    return selectErrorBudgets(status, counted);
  },
});

export const listAlerts = defineRoute({
  id: 'listAlerts',
  method: 'get',
  path: '/api/admin/alerts',
  access: 'admin',
  summary: 'List firing alerts and those resolved within the last week, from Prometheus',
  response: alertList,
  problems: [],
  async handler(_input, { prometheusStatus }: { readonly prometheusStatus: ReadPrometheusStatus }) {
    const status = await prometheusStatus(timeoutMs);
    const known = status.state === 'connected' ? status : null;
    return {
      prometheus: status.state,
      asOf: 'asOf' in status ? status.asOf : null,
      rulesRun: known?.rulesRun ?? null,
      firing: known?.firing ?? null,
      ended: known?.ended ?? null,
    };
  },
});
