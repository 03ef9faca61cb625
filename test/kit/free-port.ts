/** A port for a server of a test's own, where no other server of the tests looks for one. */
import { randomInt } from 'node:crypto';
import { isFree } from '../../services/runtime/free-port.ts';

/** Below the range that systems give to outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}
