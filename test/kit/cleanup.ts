/** Registers clean-up functions of a test or a test file. */
import { afterAll, onTestFinished, TestRunner } from 'vitest';

/**
 * In a test, `undo` runs after that test; at the top of a file, after its last test. In reverse order.
 * Not for `beforeAll`, where vitest does not run it.
 */
export function onCleanup(undo: () => unknown): void {
  const cleanUp = async () => void (await undo());
  if (TestRunner.getCurrentTest() === undefined) afterAll(cleanUp);
  else onTestFinished(cleanUp);
}
