/** What an incident is: what goes wrong, how it is mended, and what has to page. */
import type { Behaviour } from './model/behaviour.ts';

/** What can be done to a stack whose processes and database are ours. */
export const levers = [
  'stop the database',
  'start the database',
  'kill the chat server',
  'start the chat server',
  'stop the Collector',
  'start the Collector',
  'forbid rows of the rollup',
  'allow rows of the rollup',
  'run the rollup',
] as const;

export type Lever = (typeof levers)[number];

/** An alert as it is told apart from others. */
export type AlertKey = { readonly alert: string; readonly severity: string; readonly service: string };

export type Incident = {
  /** As the command takes it. */
  readonly name: string;
  /** What is played, for a person. */
  readonly title: string;
  /** How the model behaves meanwhile. */
  readonly model?: Partial<Behaviour>;
  /** In order. */
  readonly inject: readonly Lever[];
  readonly heal: readonly Lever[];
  /** Each of them has to fire, to be told, and to resolve after the healing. */
  readonly expected: readonly AlertKey[];
};
