/** The URL under which programs of this machine reach a server. */

/** @param host the address that it listens on, which need not be one that clients can use */
export function reachableUrl(host: string, port: number): string {
  if (['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
