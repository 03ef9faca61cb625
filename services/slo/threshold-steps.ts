/** The steps by which a dashboard colours an objective's value, from the same numbers as its alerts. */
import type { Objective } from './objectives.ts';

export type Standing = 'kept' | 'missed' | 'warning' | 'critical';

export type ThresholdStep = {
  /** The value from which on it holds, in the objective's unit; null: from the bottom. */
  readonly from: number | null;
  readonly standing: Standing;
};

/** Ascending, the first from null, as Grafana wants them. */
export function thresholdSteps({ direction, promise, warning, critical }: Objective): readonly ThresholdStep[] {
  const beyond = [
    { value: promise, standing: 'missed' as const },
    { value: warning, standing: 'warning' as const },
    { value: critical, standing: 'critical' as const },
  ].filter((step): step is { value: number; standing: Exclude<Standing, 'kept'> } => step.value !== undefined);
  if (direction !== 'atLeast') {
    return [{ from: null, standing: 'kept' }, ...beyond.map(({ value, standing }) => ({ from: value, standing }))];
  }
  // Read upwards, each value ends what lies below it.
  const upwards = beyond.toReversed();
  const standings: readonly Standing[] = [...upwards.slice(1).map(({ standing }) => standing), 'kept'];
  return [
    { from: null, standing: upwards[0]?.standing ?? 'kept' },
    ...upwards.map(({ value }, index) => ({ from: value, standing: standings[index] ?? 'kept' })),
  ];
}
