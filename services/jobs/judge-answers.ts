/** Has a model score sampled answers, one after the other, until none is left or the model fails. */

type Candidate<Turn> = Turn & { readonly id: string };

type JudgeAnswers = (signal: AbortSignal) => Promise<void>;

export function createJudgeAnswers<Turn>({
  claim,
  judge,
  write,
  count,
  onFailure,
  clock,
}: {
  /** Claims the next answer; null when none is left. An answer without a score is claimed again later, a few times. */
  claim: () => Promise<Candidate<Turn> | null>;
  judge: (turn: Turn, signal: AbortSignal) => Promise<number>;
  write: (id: string, score: number) => Promise<void>;
  /** Called for each score written, and for each failed judgement (score null), with its duration. */
  count: (judgement: { readonly score: number | null; readonly seconds: number }) => void;
  onFailure: (id: string, error: unknown) => void;
  /** Milliseconds, monotonic. */
  clock: () => number;
}): JudgeAnswers {
  return async (signal) => {
    while (!signal.aborted) {
      const candidate = await claim();
      if (candidate === null) return;
      const start = clock();
      const measure = (score: number | null) => count({ score, seconds: (clock() - start) / 1_000 });
      try {
        const score = await judge(candidate, signal);
        await write(candidate.id, score);
        measure(score);
      } catch (error) {
        if (signal.aborted) return;
        measure(null);
        onFailure(candidate.id, error);
        // An unavailable model would use up the attempts of every answer; the next round is a minute away.
        return;
      }
    }
  };
}
