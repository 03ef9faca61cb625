/** Prints what a part of the fault test did and counted. */

export type Report = {
  /** What was counted, in order. */
  readonly lines: readonly (readonly [what: string, count: number | string])[];
  /** Promises that did not hold, each in words. Empty: all did. */
  readonly broken: readonly string[];
};
/** Told what is going on; shown on a terminal only. */
export type Progress = (done: number, of: number, what: string) => void;

const shownAtMost = 12;

export function printReport(title: string, { lines, broken }: Report, seconds: number): void {
  console.log(`\n${title} (${seconds.toFixed(0)} s)`);
  const width = Math.max(...lines.map(([what]) => what.length));
  for (const [what, count] of lines) console.log(`  ${what.padEnd(width)}  ${String(count).padStart(8)}`);
  if (broken.length === 0) console.log('  every promise held');
  for (const promise of broken.slice(0, shownAtMost)) console.log(`  BROKEN: ${promise}`);
  if (broken.length > shownAtMost) console.log(`  … and ${broken.length - shownAtMost} more`);
}

export const showProgress: Progress = (done, of, what) => {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\x1b[K${done === of ? '' : `${done}/${of}  ${what}`}`);
};
