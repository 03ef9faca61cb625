/** Formats an objective's value for alerts and runbooks. */
import { exact } from '../services/slo/error-budget.ts';
import type { Objective } from '../services/slo/objectives.ts';

export function formatValue(value: number, unit: Objective['unit']): string {
  switch (unit) {
    case 'ratio':
      return `${exact(value * 100)}%`;
    case 'seconds':
      return `${value} s`;
    case 'jpy':
      return `¥${value}`;
    case 'score':
      return String(value);
  }
}

/**
 * A number in the same format, as a template that Prometheus fills in. Never in scientific notation.
 * @param number a template expression
 */
export function formatOf(unit: Objective['unit'], number: string): string {
  const decimals = (digits: number) => `{{ ${number} | printf "%.${digits}f" }}`;
  switch (unit) {
    case 'ratio':
      return `{{ ${number} | humanizePercentage }}`;
    case 'seconds':
      return `${decimals(1)} s`;
    case 'jpy':
      return `¥${decimals(2)}`;
    case 'score':
      return decimals(2);
  }
}
