/** Injects random faults during traffic, and counts them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Callers } from './callers.ts';
import { drawFaults, faults, type Parts } from './faults.ts';
import type { Random } from './seeded-random.ts';

type Injected = ReadonlyMap<string, number>;

/**
 * Waits for answers between two faults, so that each fault hits a working system.
 * @param onProgress called before each fault
 */
export async function injectFaults(
  parts: Parts,
  callers: Callers,
  { number, random, onProgress }: { number: number; random: Random; onProgress: (done: number, name: string) => void },
): Promise<Injected> {
  const injected = new Map<string, number>();
  for (const [done, name] of drawFaults(number, random).entries()) {
    onProgress(done, name);
    await faults[name]?.inject(parts, random);
    injected.set(name, (injected.get(name) ?? 0) + 1);
    await waitForAnswers(callers, name);
    await pause(random.between(0, 400));
  }
  return injected;
}

/** @throws {Error} when no caller gets an answer within 30 s */
export async function waitForAnswers(callers: Callers, after: string): Promise<void> {
  const before = callers.acknowledged.size;
  const deadline = performance.now() + 30_000;
  while (callers.acknowledged.size < before + 5) {
    if (performance.now() > deadline) throw new Error(`no answers within 30 s after: ${after}`);
    await pause(20);
  }
}
