/** The availability objective of the shipped slo.yaml, for tests. */
import type { Objective } from '../../../services/slo/objectives.ts';

export const availability: Objective = {
  kind: 'ratio',
  name: 'availability',
  indicator: 'availability',
  title: 'Available to users',
  unit: 'ratio',
  direction: 'atLeast',
  target: 0.995,
  warning: 0.99,
  critical: 0.95,
  budgetAlert: true,
  action: 'Find the stage, instance or model that fails',
};
