/** Reads an alert's runbook, so that the links in game-day pages work. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @param file `RagErrorRate.md` @returns null: there is none */
export function readRunbook(file: string): string | null {
  if (!/^\w+\.md$/.test(file)) return null;
  const path = fileURLToPath(new URL(`../../docs/runbooks/${file}`, import.meta.url));
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
