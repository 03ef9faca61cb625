/** What an answer costs in yen. */
import type { Usage } from './turn.ts';

/** Yen to a millionth, or null where the model has no price on that day or its usage is unknown: unpriced, never 0. */
export type Price = (model: string, usage: Usage | null, at: Date) => number | null;
