/** The messages between a game-day stack and the command that runs incidents on it. */
import { z } from 'zod';

/** An action that was done. Milliseconds since 1970. */
export type Step = { readonly at: number; readonly action: string };

/** One alert of a notification that the stack's webhooks received. */
export type ReceivedAlert = {
  readonly at: number;
  readonly route: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

/** A stack that was started for game days. */
export type StackInfo = {
  /** Also the external label `gameday` of its Prometheus, and so a label of each page. */
  readonly id: string;
  /** The factor for every duration in its rules. */
  readonly scale: number;
  readonly chat: string;
  readonly prometheus: string;
  readonly alertmanager: string;
};

export type ControlStatus = {
  /** Null: only a model server, which any stack can use. */
  readonly stack: StackInfo | null;
  /** Why an incident cannot run, by its name. */
  readonly unsupported: Readonly<Record<string, string>>;
  /** Requests that the model server has received. */
  readonly modelRequests: number;
  /** The name of the incident that is injected at the moment. */
  readonly running: string | null;
};

const url = z.url({ protocol: /^https?$/ });

export const controlStatus = z.object({
  stack: z
    .object({ id: z.string().min(1), scale: z.number().positive(), chat: url, prometheus: url, alertmanager: url })
    .nullable(),
  unsupported: z.record(z.string(), z.string()),
  modelRequests: z.number(),
  running: z.string().nullable(),
});

/** Events of a running incident, in order; an empty one is a keep-alive. */
export type RunEvent =
  | Step
  | { readonly injected: number }
  | { readonly recovered: number }
  | { readonly failed: string }
  | Record<string, never>;
