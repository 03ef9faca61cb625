/** Asks a host's robots.txt (RFC 9309) whether an address may be read. */
import robotsParser from 'robots-parser';
import type { SafeFetch } from './safe-fetch.ts';

// Its types tell of a module as Node does not load it.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

export type MayFetch = (url: string) => Promise<boolean>;

const maxBytes = 512 * 1024;

/**
 * Each host's is read once. A host that has none lets everybody in; one that cannot tell lets nobody in.
 * @param agent the name that rules may be made for
 */
export function createMayFetch(fetch: SafeFetch, agent: string): MayFetch {
  const rules = new Map<string, Promise<(url: string) => boolean>>();
  return async (url) => {
    const { origin } = new URL(url);
    const known = rules.get(origin) ?? read(origin);
    rules.set(origin, known);
    // A host that could not be asked is asked again the next time.
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
