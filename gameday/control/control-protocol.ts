/** What a stack and the command that plays on it say to each other. */
import { z } from 'zod';

/** Something that was done. Milliseconds since 1970. */
export type Step = { readonly at: number; readonly did: string };

/** One alert of one notification that arrived at the stack's webhooks. */
export type Told = {
  readonly at: number;
  readonly route: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

/** A stack that was started for game days. */
export type Marked = {
  /** Also the external label `gameday` of its Prometheus, and so a label of each page. */
  readonly id: string;
  /** What every length of time in its rules is multiplied by. */
  readonly scale: number;
  readonly chat: string;
  readonly prometheus: string;
  readonly alertmanager: string;
};

export type Description = {
  /** Null: only a model server, which any stack may ask. */
  readonly stack: Marked | null;
  /** Why an incident cannot be played, by its name. */
  readonly cannot: Readonly<Record<string, string>>;
  /** Requests that the model server has had. */
  readonly modelAsked: number;
  /** The incident that is injected at the moment, by its name. */
  readonly playing: string | null;
};

const url = z.url({ protocol: /^https?$/ });

export const description = z.object({
  stack: z
    .object({ id: z.string().min(1), scale: z.number().positive(), chat: url, prometheus: url, alertmanager: url })
    .nullable(),
  cannot: z.record(z.string(), z.string()),
  modelAsked: z.number(),
  playing: z.string().nullable(),
});

/** Lines of a game day that is being played, in order; an empty one says that it goes on. */
export type Line =
  | Step
  | { readonly injected: number }
  | { readonly healed: number }
  | { readonly failed: string }
  | Record<string, never>;
