/** Allows each user one export at a time, so that the unread exports of one user cannot take all connections. */
import { Problem } from '../../api/problem.ts';
import type { ReadExport } from './export.ts';

const retryAfterSeconds = '30';

/** @returns a function whose pages begin with {Problem} `too-many-requests` while another export of the user runs */
export function oneExportPerUser(readExport: ReadExport): ReadExport {
  const running = new Set<string>();
  return async function* pages(userId) {
    if (running.has(userId)) {
      throw new Problem('too-many-requests', {
        detail: `Your last export is still being sent. Read it to its end, or retry in ${retryAfterSeconds} s.`,
        headers: { 'Retry-After': retryAfterSeconds },
      });
    }
    running.add(userId);
    try {
      yield* readExport(userId);
    } finally {
      running.delete(userId);
    }
  };
}
