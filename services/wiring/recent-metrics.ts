/** Answers with the metrics of today so far in time, however many rows the day has. */
import pTimeout from 'p-timeout';
import { ServiceFailure } from '../failure/service-failure.ts';
import { keepRecent } from '../rollup/keep-recent.ts';

type Metrics = {
  /** @param service null: all services together */
  readonly ragMetrics: (service: string | null) => Promise<unknown>;
  readonly overview: (service: string | null) => Promise<unknown>;
};

/** A caller waits no longer. The result is kept for the next one. */
const deadlineMs = 5_000;

/** @throws {ServiceFailure} `database_unavailable` if there is no result yet after five seconds */
export function withRecentMetrics<Store extends Metrics>(store: Store, clock: () => number): Store {
  const inTime = <T>(read: (service: string | null) => Promise<T>) => {
    const recent = keepRecent(read, clock);
    return (service: string | null) => {
      const late = new ServiceFailure('database_unavailable', 'the metrics of today are still being read', {
        retryAfterSeconds: 5,
      });
      return pTimeout(recent(service), { milliseconds: deadlineMs, message: late });
    };
  };
  return { ...store, ragMetrics: inTime(store.ragMetrics), overview: inTime(store.overview) };
}
