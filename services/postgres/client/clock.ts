/** Compares this machine's clock with the database's, before anything is deleted because of its age. */
import type { Pool } from 'pg';

/** Machines with NTP differ by milliseconds. Nothing expires to the minute. */
const mostMs = 300_000;

/** The clocks of this machine and of the database differ. The message has no text of users. */
class ClocksDiffer extends Error {
  get safeMessage(): string {
    return this.message;
  }
}

/** @throws {ClocksDiffer} if `now` differs from the database's clock by more than five minutes */
export async function requireSameClock(pool: Pool, now: () => Date): Promise<void> {
  const { rows } = await pool.query<{ at: Date }>('select clock_timestamp() as at');
  const differenceMs = now().getTime() - (rows[0]?.at.getTime() ?? Number.NaN);
  if (Math.abs(differenceMs) <= mostMs) return;
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  throw new ClocksDiffer(
    `nothing was deleted: this machine's clock is ${seconds} s ${differenceMs > 0 ? 'ahead of' : 'behind'} the database's. Set the wrong one (NTP), then run it again`,
  );
}
