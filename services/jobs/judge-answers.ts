/** Has a model judge sampled answers that have no score, one after the other, until none is left or the judge fails repeatedly. */

type Candidate<Turn> = Turn & { readonly id: string };

type JudgeAnswers = (signal: AbortSignal) => Promise<void>;

/** One bad judgement says nothing about the next answer; three in a row do about the judge. */
const MOST_FAILURES = 3;

export function createJudgeAnswers<Turn>({
  claim,
  judge,
  write,
  count,
  onFailure,
  isOutage,
  clock,
}: {
  /** Claims the next answer; null where none is left. A claimed answer that gets no score comes again later, a few times. */
  claim: () => Promise<Candidate<Turn> | null>;
  judge: (turn: Turn, signal: AbortSignal) => Promise<number>;
  write: (id: string, score: number) => Promise<void>;
  /** Told of each score that was written, and of each judgement that failed; of both, how long it took. */
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
      const told = (score: number | null) => count({ score, seconds: (clock() - start) / 1_000 });
      try {
        const score = await judge(candidate, signal);
        await write(candidate.id, score);
        told(score);
        failuresInARow = 0;
      } catch (error) {
        if (signal.aborted) return;
        told(null);
        onFailure(candidate.id, error);
        failuresInARow += 1;
        // A model that is down would use up the attempts of every answer; the next round starts in a minute.
        if (failuresInARow >= MOST_FAILURES || isOutage(error)) return;
      }
    }
  };
}
