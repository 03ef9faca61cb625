/** Has a model score sampled answers, one after the other, until none is left or the model fails repeatedly. */

type Candidate<Turn> = Turn & { readonly id: string };

type JudgeAnswers = (signal: AbortSignal) => Promise<void>;

/** In a row. A single failure may be due to its answer; this many are due to the model. */
const maxFailures = 3;

export function createJudgeAnswers<Turn>({
  claim,
  judge,
  write,
  count,
  onFailure,
  isOutage,
  clock,
}: {
  /** Claims the next answer; null when none is left. An answer without a score is claimed again later, a few times. */
  claim: () => Promise<Candidate<Turn> | null>;
  judge: (turn: Turn, signal: AbortSignal) => Promise<number>;
  write: (id: string, score: number) => Promise<void>;
  /** Called for each score written, and for each failed judgement (score null), with its duration. */
  count: (judgement: { readonly score: number | null; readonly seconds: number }) => void;
  onFailure: (id: string, error: unknown) => void;
  /** Whether the judge itself is unavailable: then the round ends at once. */
  isOutage: (error: unknown) => boolean;
  /** Milliseconds, monotonic. */
  clock: () => number;
}): JudgeAnswers {
  return async (signal) => {
    let failuresInARow = 0;
    while (!signal.aborted) {
      const candidate = await claim();
      if (candidate === null) return;
      const start = clock();
      const measure = (score: number | null) => count({ score, seconds: (clock() - start) / 1_000 });
      try {
        const score = await judge(candidate, signal);
        await write(candidate.id, score);
        measure(score);
        failuresInARow = 0;
      } catch (error) {
        if (signal.aborted) return;
        measure(null);
        onFailure(candidate.id, error);
        failuresInARow += 1;
        // An unavailable model would use up the attempts of every answer; the next round is a minute away.
        if (failuresInARow >= maxFailures || isOutage(error)) return;
      }
    }
  };
}
