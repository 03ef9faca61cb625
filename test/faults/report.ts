/** Prints the result of a part of the fault test. */

export type Report = {
  /** Counts in order. */
  readonly lines: readonly (readonly [what: string, count: number | string])[];
  /** Violations of the guarantee, one sentence each. */
  readonly violations: readonly string[];
};
/** Shows the progress on a terminal. */
export type Progress = (done: number, of: number, what: string) => void;

const shownAtMost = 12;

export function printReport(title: string, { lines, violations }: Report, seconds: number): void {
  console.log(`\n${title} (${seconds.toFixed(0)} s)`);
  const width = Math.max(...lines.map(([what]) => what.length));
  for (const [what, count] of lines) console.log(`  ${what.padEnd(width)}  ${String(count).padStart(8)}`);
  if (violations.length === 0) console.log('  PASS');
  for (const violation of violations.slice(0, shownAtMost)) console.log(`  FAIL: ${violation}`);
  if (violations.length > shownAtMost) console.log(`  … and ${violations.length - shownAtMost} more`);
}

export const showProgress: Progress = (done, of, what) => {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\x1b[K${done === of ? '' : `${done}/${of}  ${what}`}`);
};
