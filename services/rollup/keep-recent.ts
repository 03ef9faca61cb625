/** Answers at once with the last result where reading a new one takes long. */

type Kept<T> = {
  readonly value: T;
  /** When it was complete. */
  readonly at: number;
  readonly tookMs: number;
};

/** A reader waits for this long; what takes longer is shown as it was. */
const slowMs = 1_000;
/** Reading again takes at most this share of the time. */
const share = 0.1;

/**
 * What reads quickly is read for every caller. What took longer than a second is answered from memory, and read again behind the
 * caller's back, so that a page does not wait while a day has a million rows. The value says of which time it is.
 * @param clock milliseconds, monotonic
 */
export function keepRecent<T>(read: (key: string | null) => Promise<T>, clock: () => number) {
  const kept = new Map<string | null, Kept<T>>();
  const reading = new Map<string | null, { readonly began: number; readonly result: Promise<T> }>();

  function readAgain(key: string | null): Promise<T> {
    const began = clock();
    const result = read(key).then((value) => {
      kept.set(key, { value, at: clock(), tookMs: clock() - began });
      return value;
    });
    const own = { began, result };
    reading.set(key, own);
    return result.finally(() => reading.get(key) === own && reading.delete(key));
  }

  return async (key: string | null): Promise<T> => {
    const last = kept.get(key);
    const current = reading.get(key);
    if (last === undefined || last.tookMs <= slowMs) {
      // One that takes long already is not started a second time.
      return current !== undefined && clock() - current.began > slowMs ? current.result : readAgain(key);
    }
    const isOld = clock() - last.at > last.tookMs / share;
    // If it fails, the value stays, with its time; the next caller tries again.
    if (isOld && current === undefined) readAgain(key).catch(() => {});
    return last.value;
  };
}
