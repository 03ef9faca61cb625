/** Opens connections only to public addresses, and connects to the address that was checked. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { SourceError } from '../source-error.ts';
import { isPublicAddress } from './public-address.ts';

export type Dispatchers = {
  /** @throws {SourceError} if fetching from the address is refused */
  readonly forUrl: (url: URL) => Dispatcher;
  readonly close: () => Promise<void>;
};

/** Milliseconds. */
const connectTimeout = 10_000;
const silenceTimeout = 20_000;

/**
 * Each connection resolves its host name once, so that the check and the connection see the same address (DNS rebinding).
 * @param allowedHosts `host` or `host:port` that may be private
 * @param lookup with the interface of `dns.lookup`
 */
export function createDispatchers(
  allowedHosts: readonly string[],
  lookup: LookupFunction = systemLookup as LookupFunction,
): Dispatchers {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const settings = { headersTimeout: silenceTimeout, bodyTimeout: silenceTimeout, connections: 4 };
  const anyAgent = new Agent({ ...settings, connect: { timeout: connectTimeout, lookup } });
  const publicAgent = new Agent({ ...settings, connect: { timeout: connectTimeout, lookup: publicOnly(lookup) } });
  return {
    forUrl(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw new SourceError('leads to neither http nor https');
      if (url.username !== '' || url.password !== '')
        throw new SourceError('leads to an address that holds a password');
      if (allowed.has(url.hostname) || allowed.has(withPort(url))) return anyAgent;
      // A numeric address is not resolved, so `publicOnly` would not see it.
      const literal = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
      if (isNumeric(literal) && !isPublicAddress(literal)) throw refusal();
      return publicAgent;
    },
    close: async () => {
      await Promise.all([anyAgent.destroy(), publicAgent.destroy()]);
    },
  };
}

function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error !== null && error !== undefined) callback(error, '', 0);
      else if (first === undefined) callback(new SourceError('leads to a name without an address'), '', 0);
      else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(refusal(), '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(): SourceError {
  return new SourceError(
    'leads to loopback or a private network, which is refused; allow the host in the source’s row if it is meant (--allow-host)',
  );
}

function withPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

function isNumeric(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
