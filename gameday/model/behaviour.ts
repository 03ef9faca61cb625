/** The settings of the model server that an incident changes, and their defaults. */
import { z } from 'zod';

const share = z.number().min(0).max(1);
const tokens = z.number().int().min(0).max(10_000_000);

export const behaviour = z.strictObject({
  /** Milliseconds before the first piece of an answer. */
  delayMs: z.number().int().min(0).max(600_000),
  /** Share of requests that get a 500. */
  errorShare: share,
  /** `quoted`: the quote is in the cited passage; `invented`: it is not; `none`: the answer cites nothing. */
  citations: z.enum(['quoted', 'invented', 'none']),
  /** Tokens that each answer reports, and so its cost. */
  promptTokens: tokens,
  completionTokens: tokens,
});

export type Behaviour = Readonly<z.infer<typeof behaviour>>;

/** Fast, cited and cheap. */
export const defaultBehaviour: Behaviour = {
  delayMs: 0,
  errorShare: 0,
  citations: 'quoted',
  promptTokens: 1_500,
  completionTokens: 150,
};
