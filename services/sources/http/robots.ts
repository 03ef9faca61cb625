/** Checks whether a host's robots.txt (RFC 9309) allows a URL. */
import robotsParser from 'robots-parser';
import type { SafeFetch } from './safe-fetch.ts';

// The package's types do not match the module that Node loads.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

export type MayFetch = (url: string) => Promise<boolean>;

const maxBytes = 512 * 1024;

/**
 * Reads the robots.txt of each host once. Without one, all URLs of the host are allowed; if the host is unavailable, none are.
 * @param agent the user agent that rules apply to
 */
export function createMayFetch(fetch: SafeFetch, agent: string): MayFetch {
  const rules = new Map<string, Promise<(url: string) => boolean>>();
  return async (url) => {
    const { origin } = new URL(url);
    const known = rules.get(origin) ?? read(origin);
    rules.set(origin, known);
    // After a failed request, the next call tries again.
    known.catch(() => rules.delete(origin));
    return (await known)(url);
  };

  async function read(origin: string): Promise<(url: string) => boolean> {
    const address = `${origin}/robots.txt`;
    const response = await fetch(address, { maxBytes });
    if (response.status >= 500 || response.status === 429) return () => false;
    if (response.status !== 200) return () => true;
    const parsed = parseRobots(address, await response.text());
    return (url) => parsed.isAllowed(url, agent) !== false;
  }
}
