/** What an incident is: what it breaks, how the stack recovers, and which alerts have to page. */
import type { Behaviour } from './model/behaviour.ts';

/** What can be done to a stack whose processes and database `npm run gameday` controls. */
export type FaultAction =
  | 'stop the database'
  | 'start the database'
  | 'kill the chat server'
  | 'start the chat server'
  | 'stop the Collector'
  | 'start the Collector'
  | 'reject rollup rows'
  | 'accept rollup rows'
  | 'run the rollup';

/** The labels that identify an alert. */
export type AlertKey = { readonly alert: string; readonly severity: string; readonly service: string };

export type Incident = {
  /** The argument of the command. */
  readonly name: string;
  readonly title: string;
  /** How the model behaves during the incident. */
  readonly model?: Partial<Behaviour>;
  /** In order. */
  readonly inject: readonly FaultAction[];
  readonly recover: readonly FaultAction[];
  /** Each of them has to fire, to notify, and to resolve after the recovery. */
  readonly expected: readonly AlertKey[];
  /** Names of alerts that an expected one inhibits: they may page first. Any other critical alert must not page. */
  readonly symptoms?: readonly string[];
};
