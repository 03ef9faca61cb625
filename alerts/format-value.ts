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

/** The alert's own value in the same format, as a template that Prometheus fills in. */
export function valueTemplate(unit: Objective['unit']): string {
  const value = '{{ $value | printf "%.4g" }}';
  switch (unit) {
    case 'ratio':
      return '{{ $value | humanizePercentage }}';
    case 'seconds':
      return `${value} s`;
    case 'jpy':
      return `¥${value}`;
    case 'score':
      return value;
  }
}
