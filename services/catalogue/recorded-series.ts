/** Names of the recorded series. The label `slo` is the objective's name. */
import type { Window } from '../slo/slo-model.ts';

/** For quantiles, the label `beyond` is the bound that bad events exceed. */
export const recorded = {
  events: ({ name }: Pick<Window, 'name'>) => `slo:events:increase${name}`,
  badEvents: ({ name }: Pick<Window, 'name'>) => `slo:bad_events:increase${name}`,
  /** Means only. */
  sum: ({ name }: Pick<Window, 'name'>) => `slo:sum:increase${name}`,
  badShare: ({ name }: Pick<Window, 'name'>) => `slo:bad_events:ratio${name}`,
  /** In the objective's unit. Absent without events: no traffic does not count as good. */
  value: ({ name }: Pick<Window, 'name'>) => `slo:value:${name}`,
  burnRate: ({ name }: Pick<Window, 'name'>) => `slo:burn_rate:${name}`,
  budgetRemaining: 'slo:error_budget:remaining_ratio',
  timeToExhaustion: 'slo:error_budget:exhausted_in_seconds',
  /** Yen in 24 hours, without an objective. Absent before a week of history. */
  usualSpend: 'rag:spend:usual1d',
} as const;
