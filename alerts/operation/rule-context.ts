/** What operational rules are built from: scaled durations, and aggregations that keep service and deployment apart. */
import type { Deployment } from '../../services/slo/deployment.ts';
import { componentScope, type Scope, serviceScope } from '../promql.ts';
import { type ScaledDurations, scaledDurations } from './scaled-durations.ts';

export type RuleContext = ScaledDurations & {
  /** For counts of questions and answers. */
  readonly service: Scope;
  /** For the state of programs, databases and monitoring. */
  readonly component: Scope;
};

export function ruleContext({ scale, deployment }: { scale: number; deployment: Deployment }): RuleContext {
  return { ...scaledDurations(scale), service: serviceScope(deployment), component: componentScope(deployment) };
}
