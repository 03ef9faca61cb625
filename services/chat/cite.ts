/** Turns the marks of a generated answer into citations, and checks each against its passage. */
import type { Generation } from './generate.ts';
import type { RetrievedPassage } from './retrieve.ts';
import type { Citation } from './turn.ts';

export type Cited = {
  readonly outcome: 'answered' | 'no_answer';
  /** Marks renumbered to point into `citations`, from 1. */
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Percent, 0–100. */
  readonly citationRate: number;
  /** The passages behind the citations. */
  readonly sources: readonly RetrievedPassage[];
};

export function citeAnswer(_generation: Generation, _passages: readonly RetrievedPassage[], _at: Date): Cited {
  throw new Error('being written');
}
