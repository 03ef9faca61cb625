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
