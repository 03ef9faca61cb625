/** Makes the directory that holds the state of one installation. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';

/** @throws with a message that names DATA_DIR when the directory cannot be made or written */
export function makeDataDir(dataDir: string): void {
  try {
    const isNew = !existsSync(dataDir);
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    // As root, PostgreSQL runs under another account, which has to pass through whatever the umask is. Files in it are 0600.
    if (isNew && process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`DATA_DIR cannot be used: ${reason}. Set DATA_DIR to a directory that this user may write.`, {
      cause,
    });
  }
}
