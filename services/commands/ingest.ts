/** `cli -- ingest PATH…`: ingests files and directories, with progress and a report. */
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { StoreContent } from '../provenance/content.ts';
import { contentTypes } from '../provenance/content.ts';
import { licenses } from '../provenance/license.ts';
import { licensesThatGrantUse, mayUse } from '../provenance/may-use.ts';
import { retentionEnd } from '../provenance/retention-end.ts';
import { count } from '../runtime/console.ts';
import { type ContentMetadata, contentMetadata, metadataProblems } from '../sources/ingest/content-metadata.ts';
import type { NotRead } from '../sources/ingest/find-files.ts';
import type { IngestProgress, IngestReport } from '../sources/ingest/ingest.ts';
import { knownFormats } from '../sources/readers/formats.ts';
import { printable, showProgress, type Terminal } from './progress.ts';

/** The options as commander passes them: text, or true for options without a value. */
export type IngestFlags = Readonly<Record<string, string | boolean | undefined>>;

export function describeIngest(command: Command): Command {
  return command
    .description('ingest documents: split them into passages and record their provenance')
    .argument('<path...>', `files, or directories to search for ${knownFormats}`)
    .option('--title <text>', 'title (one file only)')
    .option('--source-uri <uri>', 'where the document is published; identifies the document (one file only)')
    .option('--source-base <uri>', 'where the directory is published; identifies each document by its path below')
    .option('--license <name>', licenses.join(', '))
    .option('--rights-holder <text>', 'the rights holder')
    .option('--permission', 'the rights holder permits the use')
    .option('--external-share-consent', 'passages may be sent to an external model')
    .option('--retention-years <n>', 'delete the passages this many years after acquisition')
    .option(
      '--access-policy <json>',
      '{"readGroups":[],"writeGroups":[],"expiresAt":"","geoRestrictions":[],"ipWhitelist":[]}',
    )
    .option('--acquired-at <date>', 'a day (UTC) or a timestamp (default: now)')
    .option('--acquisition-method <name>', 'api_fetch, manual_upload (default), user_created, system_import, …')
    .option('--material-id <uuid>', "the id of the LMS's material (one file only)")
    .option('--content-type <name>', `${contentTypes.join(', ')} (default: material)`)
    .addHelpText(
      'after',
      `
Metadata: a file can have YAML front matter (Markdown, text, HTML) or a companion file (report.pdf.yaml) with title, license,
rightsHolder, sourceUri, retentionYears, permission, externalShareConsent, accessPolicy, acquiredAt, acquisitionMethod,
contentType, materialId, language and publishedAt. It overrides the command's options.

Identity: a document is identified by its sourceUri, else by --source-base, else by the file's own URL. Unchanged documents
are skipped; a changed document replaces its passages, and its former provenance is kept as superseded.

Rights: answers use only documents whose licence allows it or whose owner permits it. Other documents are stored but not
used, and the report lists them. With COMMERCIAL_USE=true, cc_by_nc and cc_by_nc_sa do not allow it.

The exit code is 1 if a file failed.`,
    );
}

/**
 * @returns the exit code: 0 if every file was ingested or skipped
 * @throws {Error} for invalid options, and the store's errors when the database is unavailable
 */
export async function runIngest(
  paths: readonly string[],
  flags: IngestFlags,
  deps: {
    readonly store: StoreContent;
    readonly commercialUse: boolean;
    readonly terminal: Terminal;
    readonly clock: () => number;
    readonly now: () => Date;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const metadata = metadataFrom(flags);
  // Loaded on demand: the parsers take longer to load than most commands run.
  const { ingest } = await import('../sources/ingest/ingest.ts');
  const progress = showProgress(deps.terminal, deps.clock);
  const sourceBase = typeof flags.sourceBase === 'string' ? flags.sourceBase : null;
  try {
    const onProgress = ({ done, total, passages, path }: IngestProgress) =>
      progress.update(`${done}/${total} files, ${count(passages, 'passage')}`, path);
    const report = await ingest(paths, { metadata, sourceBase }, { ...deps, onProgress });
    progress.end();
    for (const line of reportLines(report, deps.commercialUse, deps.now())) deps.terminal.write(`${line}\n`);
    return report.failed.length > 0 || ingestedFiles(report) + report.skipped.length === 0 ? 1 : 0;
  } finally {
    progress.end();
  }
}

function metadataFrom({ sourceBase: _, retentionYears, accessPolicy, ...others }: IngestFlags): ContentMetadata {
  const metadata = {
    ...others,
    ...(retentionYears !== undefined && { retentionYears: Number(retentionYears) }),
    ...(typeof accessPolicy === 'string' && { accessPolicy: readPolicy(accessPolicy) }),
  };
  const parsed = contentMetadata.safeParse(metadata);
  if (!parsed.success) throw new Error(`invalid options: ${metadataProblems(parsed.error, metadata)}`);
  return parsed.data;
}

function readPolicy(json: string): unknown {
  try {
    return parse(json);
  } catch {
    throw new Error('invalid options: accessPolicy is not valid JSON');
  }
}

const ingestedFiles = ({ created, replaced, unchanged }: IngestReport): number => created + replaced + unchanged;
/** Keeps the summary on the screen for a directory full of images. */
const maxNamed = 5;

function reportLines(report: IngestReport, commercialUse: boolean, now: Date): readonly string[] {
  const { created, replaced, unchanged, skipped, failed, passages, seconds } = report;
  const counts = `${created} new, ${replaced} replaced, ${unchanged} unchanged, ${skipped.length} skipped, ${failed.length} failed`;
  return [
    ...[...Map.groupBy(skipped, ({ reason }) => reason)].map(skippedLine),
    ...failed.map(({ path, reason }) => `failed: ${printable(path)} ${reason}`),
    `${counts}: ${count(passages, 'passage')} in ${seconds.toFixed(1)} s`,
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
