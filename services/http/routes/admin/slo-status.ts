/** GET /api/admin/error-budgets and /api/admin/alerts: what may still go wrong this month, and what fires. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { budgetDays } from '../../../rollup/error-budgets.ts';
import type { Overview } from '../../../rollup/overview.ts';
import { type ObjectiveKey, objectives } from '../../../slo/objectives.ts';
import {
  type AlertStanding,
  type BudgetStanding,
  burnSpans,
  type ReadWatched,
  type Watched,
} from '../../../slo/standing.ts';

const instant = z.string().meta({ format: 'date-time' });

const budget = z.object({
  key: z.enum(Object.keys(objectives) as [ObjectiveKey, ...ObjectiveKey[]]),
  allowed: z.number().nullable().meta({
    description: 'Share of events that may be bad. Null: a mean is promised, which has no bad events and no budget.',
  }),
  left: z
    .number()
    .nullable()
    .meta({
      description: `Share of the budget of ${budgetDays} days that is left: 1 all, 0 nothing, negative overspent. Null: no events.`,
    }),
  burns: z
    .array(
      z.object({
        over: z.enum(burnSpans),
        rate: z.number().nullable().meta({ description: '1 spends the budget in just its period. Null: no events.' }),
      }),
    )
    .readonly(),
  lastsSeconds: z.number().nullable().meta({
    description: 'Until nothing is left at the pace of the longest of these spans. Null: nothing is being spent.',
  }),
}) satisfies z.ZodType<BudgetStanding>;

export const errorBudgets = z.object({
  source: z.enum(['prometheus', 'database']).meta({
    description:
      'prometheus: what alerts and boards read. database: reckoned from the daily rows, because no Prometheus tells.',
  }),
  asOf: instant,
  budgets: z.array(budget).readonly(),
});

export type ErrorBudgets = z.output<typeof errorBudgets>;

const alert = z.object({
  name: z.string().meta({ description: 'Its runbook is /runbooks/NAME.md.' }),
  severity: z.string(),
  slo: z.string().nullable(),
  service: z.string().nullable(),
  since: instant,
  until: instant.nullable().meta({ description: 'To five minutes. Null: it fires.' }),
}) satisfies z.ZodType<AlertStanding>;

const unknown = { description: 'Null: not known, which is not the same as none.' };

export const alertList = z.object({
  prometheus: z.enum(['not_connected', 'waiting', 'away', 'connected']).meta({
    description: 'not_connected: PROMETHEUS_URL is not set. waiting: asked, and it has not answered yet.',
  }),
  asOf: instant.nullable(),
  rulesRun: z.boolean().nullable().meta({
    description: 'Whether the alert that always fires does. False: rules are not evaluated, and silence says nothing.',
  }),
  firing: z.array(alert).readonly().nullable().meta(unknown),
  ended: z
    .array(alert)
    .readonly()
    .nullable()
    .meta({ description: `Within the last week, the newest first; at most 50. ${unknown.description}` }),
});

/** Today so far, the days before, and error budgets from the rows. @throws {ChatFailure} `database_unavailable` */
export type ReadOverview = () => Promise<Overview>;

/** Longer than the reading itself may take. Milliseconds. */
const patienceMs = 10_000;

/** Those of Prometheus where it has any: alerts and boards go by them. */
export function budgetsTold(watched: Watched, { budgets, report }: Pick<Overview, 'budgets' | 'report'>): ErrorBudgets {
  return watched.state === 'connected' && watched.budgets !== null
    ? { source: 'prometheus', asOf: watched.asOf, budgets: watched.budgets }
    : { source: 'database', asOf: report.generatedAt, budgets };
}

export function showErrorBudgets(overview: ReadOverview, watched: ReadWatched): RequestHandler {
  return async (_req, res) => {
    const [told, counted] = await Promise.all([watched(patienceMs), overview()]);
    res.json(budgetsTold(told, counted));
  };
}

export function listAlerts(read: ReadWatched): RequestHandler {
  return async (_req, res) => {
    const watched = await read(patienceMs);
    const known = watched.state === 'connected' ? watched : null;
    res.json({
      prometheus: watched.state,
      asOf: 'asOf' in watched ? watched.asOf : null,
      rulesRun: known?.rulesRun ?? null,
      firing: known?.firing ?? null,
      ended: known?.ended ?? null,
    } satisfies z.output<typeof alertList>);
  };
}
