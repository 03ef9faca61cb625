/** How well an answer serves its question, 0 to 1. */
import type { Citation } from './turn.ts';

export type Score = (answered: {
  readonly query: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly outcome: 'answered' | 'no_answer';
}) => number | null;
