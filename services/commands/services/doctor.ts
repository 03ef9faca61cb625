/** `cli -- services doctor NAME`: what an application sent lately, what is missing, and the line that fixes it. */
import type { Diagnosis } from '../../intake/doctor/diagnose.ts';
import { printable } from '../progress.ts';

const marks = { arrived: '✓', some: '~', missing: '✗', dropped: '!' } as const;

/** The text quotes nothing but names that applications send, so control characters are the only danger. */
export function doctorText({ service, turns, lastTurnAt, dialects, findings, fields }: Diagnosis): string {
  const head =
    turns === 0
      ? `${service}: no turn has arrived.`
      : `${service}: the latest ${turns === 1 ? 'turn' : `${turns} turns`}, the last one at ${lastTurnAt?.toISOString()}, written by ${dialects.join(', ')}.`;
  const found = findings.flatMap(({ what, fix }) => [`! ${what}`, `    ${fix}`]);
  const states = fields.flatMap(({ field, state, arrived, of, why, fix }) => {
    const share = state === 'some' ? ` (${arrived} of ${of})` : '';
    return [
      `${marks[state]} ${field}${share}${why === null ? '' : `: ${why}`}`,
      ...(fix === null ? [] : [`    ${fix}`]),
    ];
  });
  const lines = [head, ...found, ...(turns === 0 ? [] : ['', ...states])];
  return `${lines.map(printable).join('\n')}\n`;
}
