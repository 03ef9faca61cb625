/** Writes values of measures with their unit. */
import type { Measure } from './measures.ts';

export function formatValue(value: number, unit: Measure['unit']): string {
  switch (unit) {
    case 'share':
      return `${trimmed(value * 100, 1)} %`;
    case 'score':
      return value.toFixed(2);
    case 'seconds':
      return value < 1 ? `${Math.round(value * 1_000)} ms` : `${trimmed(value, 2)} s`;
    case 'jpy':
      return `¥${trimmed(value, 3)}`;
  }
}

/** With a sign; changes of a share are in percentage points. */
export function formatChange(value: number, unit: Measure['unit']): string {
  const sign = value < 0 ? '−' : '+';
  const size = Math.abs(value);
  if (unit === 'share') return `${sign}${trimmed(size * 100, 1)} points`;
  if (unit === 'score') return `${sign}${size.toFixed(3)}`;
  return `${sign}${formatValue(size, unit)}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
