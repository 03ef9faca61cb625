/** Breaks things at random while traffic runs, and counts what became of it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Callers } from './callers.ts';
import { drawFaults, faults, type Parts } from './faults.ts';
import type { Random } from './seeded-random.ts';

type Injected = ReadonlyMap<string, number>;

/**
 * Between two faults, some callers get an answer: without one, a fault would hit what is broken already.
 * @param tell told how far it is
 */
export async function breakThings(
  parts: Parts,
  callers: Callers,
  { number, random, tell }: { number: number; random: Random; tell: (done: number, name: string) => void },
): Promise<Injected> {
  const injected = new Map<string, number>();
  for (const [done, name] of drawFaults(number, random).entries()) {
    tell(done, name);
    await faults[name]?.inject(parts, random);
    injected.set(name, (injected.get(name) ?? 0) + 1);
    await answersAgain(callers, name);
    await pause(random.between(0, 400));
  }
  return injected;
}

/** @throws when nobody gets an answer within half a minute */
export async function answersAgain(callers: Callers, after: string): Promise<void> {
  const before = callers.acknowledged.size;
  const giveUpAt = performance.now() + 30_000;
  while (callers.acknowledged.size < before + 5) {
    if (performance.now() > giveUpAt) throw new Error(`no answers within 30 s after: ${after}`);
    await pause(20);
  }
}
