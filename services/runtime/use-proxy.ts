/** Sends requests through the proxy of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), as other programs do. */
import http from 'node:http';
import type { Config } from '../config.ts';

/** Programs on this machine are never asked through a proxy. */
const local = ['localhost', '127.0.0.1', '::1', '[::1]'];

/** For `fetch` and `node:http`. Content sources connect directly: their addresses are checked when they connect. */
export function useProxy({ http: plain, https, except }: Config['proxy']): void {
  if (plain === undefined && https === undefined) return;
  http.setGlobalProxyFromEnv({
    ...(plain !== undefined && { http_proxy: plain }),
    ...(https !== undefined && { https_proxy: https }),
    no_proxy: [...local, ...(except === undefined ? [] : [except])].join(','),
  });
}
