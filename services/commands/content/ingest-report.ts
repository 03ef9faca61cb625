/** The report of `cli -- ingest`. */
import { licensesThatGrantUse, mayUse } from '../../provenance/may-use.ts';
import { retentionEnd } from '../../provenance/retention-end.ts';
import { count } from '../../runtime/console.ts';
import type { NotRead } from '../../sources/ingest/find-files.ts';
import type { IngestReport } from '../../sources/ingest/ingest.ts';
import { printable } from '../progress.ts';

export const ingestedFiles = ({ created, replaced, unchanged }: IngestReport): number => created + replaced + unchanged;
/** Keeps the summary on the screen for a directory full of images. */
const maxNamed = 5;

/** @param prunes whether missing documents are removed next; otherwise they are listed as still in use */
export function reportLines(
  report: IngestReport,
  { commercialUse, now, dryRun, prunes }: { commercialUse: boolean; now: Date; dryRun: boolean; prunes: boolean },
): readonly string[] {
  const { created, replaced, unchanged, skipped, failed, passages, seconds } = report;
  const counts = `${created} new, ${replaced} replaced, ${unchanged} unchanged, ${skipped.length} skipped, ${failed.length} failed`;
  return [
    ...[...Map.groupBy(skipped, ({ reason }) => reason)].map(skippedLine),
    ...(dryRun ? [] : noteLines(report)),
    ...failed.map(({ path, reason }) => `failed: ${printable(path)} ${reason}`),
    dryRun
      ? `dry run, nothing was stored: ${created} readable, ${skipped.length} skipped, ${failed.length} failed: ${count(passages, 'passage')}`
      : `${counts}: ${count(passages, 'passage')} in ${seconds.toFixed(1)} s`,
    ...(prunes ? [] : missingLines(report)),
    ...expiredLines(report, now),
    ...unusedLines(report, commercialUse),
  ];
}

function skippedLine([reason, files]: readonly [string, readonly NotRead[]]): string {
  return `skipped, because each ${reason}: ${names(files)}`;
}

/** Content that has already expired at ingestion is never found, and the next retention run deletes its text. */
function expiredLines({ limited }: IngestReport, now: Date): readonly string[] {
  const expired = limited.flatMap(({ path, acquiredAt, retentionYears }) => {
    const end = retentionEnd(acquiredAt ?? now, retentionYears);
    return end > now ? [] : [{ path: `${path} (${end.toISOString().slice(0, 10)})` }];
  });
  if (expired.length === 0) return [];
  return [
    '',
    `NOT USED IN ANSWERS: ${expired.length === 1 ? '1 file has expired' : `${expired.length} files have expired`}.`,
    `  ${names(expired)}`,
    'The next retention run deletes their text. To use them, set retentionYears or acquiredAt in the files, or pass',
    '--retention-years or --acquired-at, and ingest them again.',
  ];
}

/** Printed last, because otherwise users get "not found" without a visible reason. */
function unusedLines({ withoutPermission }: IngestReport, commercialUse: boolean): readonly string[] {
  const unused = withoutPermission.filter(({ license }) => !mayUse({ license, permission: null }, commercialUse));
  if (unused.length === 0) return [];
  const are = unused.length === 1 ? '1 file is' : `${unused.length} files are`;
  return [
    '',
    `NOT USED IN ANSWERS: ${are} stored, but without permission to use them.`,
    ...[...Map.groupBy(unused, ({ license }) => license)].map(
      ([license, files]) => `  ${license === null ? 'no licence' : `licence ${license}`}: ${names(files)}`,
    ),
    'To use them, set "license: NAME" or "permission: true" in the files, or pass --license NAME or --permission, and ingest',
    `them again. Licences that allow the use: ${licensesThatGrantUse(commercialUse).join(', ')}.`,
  ];
}

function names(files: readonly { readonly path: string }[]): string {
  const named = files.slice(0, maxNamed).map(({ path }) => printable(path));
  if (files.length > maxNamed) named.push(`and ${files.length - maxNamed} more`);
  return named.join(', ');
}

/** What was left out of each document: many files have the same notes. */
function noteLines({ notes }: IngestReport): readonly string[] {
  return [...Map.groupBy(notes, ({ note }) => note)].map(
    ([note, files]) => `note: ${printable(note)}: ${names(files)}`,
  );
}

function missingLines({ missing }: IngestReport): readonly string[] {
  if (missing.length === 0) return [];
  const are = missing.length === 1 ? '1 document is' : `${missing.length} documents are`;
  return [
    '',
    `STILL IN USE: ${are} stored of files that are deleted or have no text: ${names(missing.map((path) => ({ path })))}`,
    'To remove them, pass --prune.',
  ];
}
