/** Names of the series that recording rules make of the promises; label `slo` tells the objective. */
import type { Window } from '../slo/slo-model.ts';

/** Label `beyond` of bad events of a quantile tells the bound that they lie beyond. */
export const recorded = {
  events: ({ name }: Pick<Window, 'name'>) => `slo:events:increase${name}`,
  badEvents: ({ name }: Pick<Window, 'name'>) => `slo:bad_events:increase${name}`,
  /** Of a mean. */
  sum: ({ name }: Pick<Window, 'name'>) => `slo:sum:increase${name}`,
  badShare: ({ name }: Pick<Window, 'name'>) => `slo:bad_events:ratio${name}`,
  /** In the objective's own unit. Absent without events: no traffic is not good. */
  value: ({ name }: Pick<Window, 'name'>) => `slo:value:${name}`,
  burnRate: ({ name }: Pick<Window, 'name'>) => `slo:burn_rate:${name}`,
  budgetRemaining: 'slo:error_budget:remaining_ratio',
  timeToExhaustion: 'slo:error_budget:exhausted_in_seconds',
} as const;
