/** Dashboard colour steps of an objective, from the same numbers as its alerts. */
import type { Objective } from './objective.ts';

export type ObjectiveStatus = 'met' | 'breached' | 'warning' | 'critical';

export type ThresholdStep = {
  /** Lower bound in the objective's unit. Null: no lower bound. */
  readonly from: number | null;
  readonly status: ObjectiveStatus;
};

/** Ascending, starting with null, as Grafana expects. */
export function thresholdSteps({ direction, target, warning, critical }: Objective): readonly ThresholdStep[] {
  const beyond = [
    { value: target, status: 'breached' as const },
    { value: warning, status: 'warning' as const },
    { value: critical, status: 'critical' as const },
  ].filter(
    (step): step is { value: number; status: Exclude<ObjectiveStatus, 'met'> } =>
      step.value !== undefined && Number.isFinite(step.value),
  );
  if (direction !== 'atLeast') {
    return [{ from: null, status: 'met' }, ...beyond.map(({ value, status }) => ({ from: value, status }))];
  }
  // Going up, each value ends the status below it.
  const upwards = beyond.toReversed();
  const standings: readonly ObjectiveStatus[] = [...upwards.slice(1).map(({ status }) => status), 'met'];
  return [
    { from: null, status: upwards[0]?.status ?? 'met' },
    ...upwards.map(({ value }, index) => ({ from: value, status: standings[index] ?? 'met' })),
  ];
}
