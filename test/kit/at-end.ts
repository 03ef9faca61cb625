/** Undoes what a test, or a file of tests, has set up. */
import { afterAll, onTestFinished, TestRunner } from 'vitest';

/**
 * Called in a test, it runs when that test has ended; at the top of a file, after the file's last test. The last first.
 * Not for `beforeAll`, in which vitest forgets what is to be done afterwards.
 */
export function atEnd(undo: () => unknown): void {
  const later = async () => void (await undo());
  if (TestRunner.getCurrentTest() === undefined) afterAll(later);
  else onTestFinished(later);
}
