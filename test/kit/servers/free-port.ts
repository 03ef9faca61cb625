/** Finds a free port for a server of a test, in a range that no other test server uses. */
import { randomInt } from 'node:crypto';
import { isFree } from '../../../services/runtime/free-port.ts';

/** Below the ephemeral port range. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}
