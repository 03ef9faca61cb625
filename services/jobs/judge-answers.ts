/** Has a model judge sampled answers that have no score, one after the other, until none is left or the model fails. */

type Candidate<Exchange> = Exchange & { readonly id: string };

type JudgeAnswers = (signal: AbortSignal) => Promise<void>;

export function createJudgeAnswers<Exchange>({
  claim,
  judge,
  write,
  count,
  onFailure,
  clock,
}: {
  /** Claims the next answer; null where none is left. A claimed answer that gets no score comes again later, a few times. */
  claim: () => Promise<Candidate<Exchange> | null>;
  judge: (exchange: Exchange, signal: AbortSignal) => Promise<number>;
  write: (id: string, score: number) => Promise<void>;
  /** Told of each score that was written, and of each judgement that failed; of both, how long it took. */
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
      const told = (score: number | null) => count({ score, seconds: (clock() - start) / 1_000 });
      try {
        const score = await judge(candidate, signal);
        await write(candidate.id, score);
        told(score);
      } catch (error) {
        if (signal.aborted) return;
        told(null);
        onFailure(candidate.id, error);
        // A model that is away would use up the attempts of every answer; the next round is a minute off.
        return;
      }
    }
  };
}
