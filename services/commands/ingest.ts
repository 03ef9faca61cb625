/** `cli -- ingest PATH…`: options, progress and report of taking materials in. */
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
import { printable, showProgress, type Terminal } from './show-progress.ts';

/** As commander hands them over: text, or true where the option takes no value. */
export type IngestFlags = Readonly<Record<string, string | boolean | undefined>>;

/** Adds the command's arguments, options and help. */
export function describeIngest(command: Command): Command {
  return command
    .description('take materials in: split into passages, with the provenance of each file')
    .argument('<path...>', `files or directories; of directories all ${knownFormats}`)
    .option('--title <text>', 'for one file')
    .option('--source-uri <uri>', 'where the content is published; says which content a file is (for one file)')
    .option('--source-base <uri>', 'where the directory is published; a file is known by this and its path from there')
    .option('--license <name>', licenses.join(', '))
    .option('--rights-holder <text>', 'whose rights they are')
    .option('--permission', 'the rights holder permits the use')
    .option('--external-share-consent', 'passages may be sent to a model that others run')
    .option('--retention-years <n>', 'passages are deleted this many years after they were acquired')
    .option(
      '--access-policy <json>',
      '{"readGroups":[],"writeGroups":[],"expiresAt":"","geoRestrictions":[],"ipWhitelist":[]}',
    )
    .option('--acquired-at <date>', 'a day in UTC or an instant; now if not told')
    .option('--acquisition-method <name>', 'api_fetch, manual_upload (if not told), user_created, system_import …')
    .option('--material-id <uuid>', "the LMS's material that this is (for one file)")
    .option('--content-type <name>', `${contentTypes.join(', ')}; material if not told`)
    .addHelpText(
      'after',
      `
A file tells its own facts in YAML front matter (Markdown, text, HTML) or in a file beside it (report.pdf.yaml), under
the names title, license, rightsHolder, sourceUri, retentionYears, permission, externalShareConsent, accessPolicy,
acquiredAt, acquisitionMethod, contentType, materialId, language, publishedAt. What a file tells wins over the options.

Content is known by its sourceUri, else by --source-base, else by the file's own URL. Taking it in again is no work;
changed content replaces its passages and its former provenance is kept as superseded. The exit code is 1 if a file failed.

Answers are made only from content whose licence grants it, or whose owner permits it: a file that tells neither is stored
and not used, and the report says so. Where COMMERCIAL_USE=true, cc_by_nc and cc_by_nc_sa do not grant it.`,
    );
}

/**
 * @returns the exit code: 0 if every file was taken or rightly skipped
 * @throws {Error} for options that cannot be used, and what the store throws when it is away
 */
export async function runIngest(
  paths: readonly string[],
  flags: IngestFlags,
  given: {
    readonly store: StoreContent;
    readonly commercialUse: boolean;
    readonly terminal: Terminal;
    readonly clock: () => number;
    readonly now: () => Date;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const metadata = metadataFrom(flags);
  // The parsers take longer to load than most commands run.
  const { ingest } = await import('../sources/ingest/ingest.ts');
  const progress = showProgress(given.terminal, given.clock);
  const sourceBase = typeof flags.sourceBase === 'string' ? flags.sourceBase : null;
  try {
    const onProgress = ({ done, total, passages, path }: IngestProgress) =>
      progress.update(`${done}/${total} files, ${count(passages, 'passage')}`, path);
    const report = await ingest(paths, { metadata, sourceBase }, { ...given, onProgress });
    progress.end();
    for (const line of reportLines(report, given.commercialUse, given.now())) given.terminal.write(`${line}\n`);
    return report.failed.length > 0 || filesTaken(report) + report.skipped.length === 0 ? 1 : 0;
  } finally {
    progress.end();
  }
}

function metadataFrom({ sourceBase: _, retentionYears, accessPolicy, ...others }: IngestFlags): ContentMetadata {
  const told = {
    ...others,
    ...(retentionYears !== undefined && { retentionYears: Number(retentionYears) }),
    ...(typeof accessPolicy === 'string' && { accessPolicy: readPolicy(accessPolicy) }),
  };
  const parsed = contentMetadata.safeParse(told);
  if (!parsed.success) throw new Error(`the options cannot be used: ${metadataProblems(parsed.error, told)}`);
  return parsed.data;
}

function readPolicy(json: string): unknown {
  try {
    return parse(json);
  } catch {
    throw new Error('the options cannot be used: accessPolicy is not JSON');
  }
}

const filesTaken = ({ created, replaced, unchanged }: IngestReport): number => created + replaced + unchanged;
/** A directory of pictures should not scroll the summary away. */
const mostNamed = 5;

function reportLines(report: IngestReport, commercialUse: boolean, now: Date): readonly string[] {
  const { created, replaced, unchanged, skipped, failed, passages, seconds } = report;
  const counts = `${created} new, ${replaced} replaced, ${unchanged} unchanged, ${skipped.length} skipped, ${failed.length} failed`;
  return [
    ...[...Map.groupBy(skipped, ({ reason }) => reason)].map(skippedLine),
    ...failed.map(({ path, reason }) => `failed: ${printable(path)} ${reason}`),
    `${counts}: ${count(passages, 'passage')} in ${seconds.toFixed(1)} s`,
    ...endedLines(report, now),
    ...unusedLines(report, commercialUse),
  ];
}

function skippedLine([reason, files]: readonly [string, readonly NotRead[]]): string {
  return `skipped, because each ${reason}: ${names(files)}`;
}

/** Content that was old when it was taken in is found by no question, and the next retention removes its text. */
function endedLines({ limited }: IngestReport, now: Date): readonly string[] {
  const ended = limited.flatMap(({ path, acquiredAt, retentionYears }) => {
    const end = retentionEnd(acquiredAt ?? now, retentionYears);
    return end > now ? [] : [{ path: `${path} (${end.toISOString().slice(0, 10)})` }];
  });
  if (ended.length === 0) return [];
  return [
    '',
    `NOT USED IN ANSWERS: ${ended.length === 1 ? 'the retention of 1 file has' : `the retention of ${ended.length} files has`} ended.`,
    `  ${names(ended)}`,
    'The text goes with the next retention run. To have them used, tell more retentionYears or a later acquiredAt,',
    'in the files or with --retention-years and --acquired-at, and take them in again.',
  ];
}

/** The last thing on the screen: who misses it asks, gets "not found", and does not know why. */
function unusedLines({ withoutPermission }: IngestReport, commercialUse: boolean): readonly string[] {
  const unused = withoutPermission.filter(({ license }) => !mayUse({ license, permission: null }, commercialUse));
  if (unused.length === 0) return [];
  const are = unused.length === 1 ? '1 file is' : `${unused.length} files are`;
  return [
    '',
    `NOT USED IN ANSWERS: ${are} stored, but nobody granted the use.`,
    ...[...Map.groupBy(unused, ({ license }) => license)].map(
      ([license, files]) => `  ${license === null ? 'no licence told' : `licence ${license}`}: ${names(files)}`,
    ),
    'To have them used, tell it in the files ("license: NAME" or "permission: true") or with --license NAME or --permission,',
    `and take them in again. Licences that grant it: ${licensesThatGrantUse(commercialUse).join(', ')}.`,
  ];
}

function names(files: readonly { readonly path: string }[]): string {
  const named = files.slice(0, mostNamed).map(({ path }) => printable(path));
  if (files.length > mostNamed) named.push(`and ${files.length - mostNamed} more`);
  return named.join(', ');
}
