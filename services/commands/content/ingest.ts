/** `cli -- ingest PATH…`: ingests files and directories, with progress and a report. */
import type { Command } from 'commander';
import { parse } from 'yaml';
import { type ContentDocument, contentTypes, type StoreContent } from '../../provenance/content.ts';
import { licenses } from '../../provenance/license.ts';
import { count } from '../../runtime/console.ts';
import { type ContentMetadata, contentMetadata, metadataProblems } from '../../sources/ingest/content-metadata.ts';
import type { IngestProgress } from '../../sources/ingest/ingest.ts';
import { knownFormats } from '../../sources/readers/formats.ts';
import { showProgress, type Terminal } from '../progress.ts';
import { ingestedLines } from './document-lines.ts';
import { ingestedFiles, reportLines } from './ingest-report.ts';
import { prune } from './prune.ts';

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
    .option(
      '--dry-run',
      'print what would be stored of each file (with --prune, also what would be removed), and change nothing',
    )
    .option('--prune', 'remove the documents of files that are deleted or have no text')
    .option('--allow-removals', 'with --prune: proceed even if more than half of the documents would be removed')
    .addHelpText(
      'after',
      `
Metadata: a file can have front matter in YAML, TOML or JSON (Markdown, text, HTML) or a companion file (report.pdf.yaml, .toml,
.json) with title, license, rightsHolder, sourceUri, retentionYears, permission, externalShareConsent, accessPolicy, acquiredAt, acquisitionMethod,
contentType, materialId, language and publishedAt. It overrides the command's options. Licences may be SPDX identifiers,
usual names (MIT License, CC BY 4.0) or Creative Commons URLs.

Identity: a document is identified by its sourceUri, else by --source-base, else by the file's own URL. Unchanged documents
are skipped; a changed document replaces its passages, and its former provenance is kept as superseded. A deleted, renamed
or emptied file leaves its document in use until you pass --prune (or run: documents remove).

Rights: answers use only documents whose licence allows it or whose owner permits it. Other documents are stored but not
used, and the report lists them. With COMMERCIAL_USE=true, cc_by_nc and cc_by_nc_sa do not allow it.

The exit code is 1 if a file failed.`,
    );
}

/**
 * @returns the exit code: 0 if every file was ingested or skipped
 * @throws {Error} for invalid options and refused removals, and the store's errors when the database is unavailable
 */
export async function runIngest(
  paths: readonly string[],
  flags: IngestFlags,
  deps: {
    /** Null: a dry run. */
    readonly store: StoreContent | null;
    readonly privateDirectories?: readonly string[];
    /** The keys of stored documents that begin with the address of a directory. */
    readonly knownBelow?: (directory: string) => Promise<readonly string[]>;
    /** Removes the document of a file that is deleted or has no text. Not called in a dry run. */
    readonly remove?: (key: string) => Promise<boolean>;
    readonly commercialUse: boolean;
    readonly terminal: Terminal;
    readonly clock: () => number;
    readonly now: () => Date;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const metadata = metadataFrom(flags);
  // Loaded on demand: the parsers take longer to load than most commands run.
  const { ingest } = await import('../../sources/ingest/ingest.ts');
  const documents: ContentDocument[] = [];
  const progress = showProgress(deps.terminal, deps.clock);
  const sourceBase = typeof flags.sourceBase === 'string' ? flags.sourceBase : null;
  try {
    const onProgress = ({ done, total, passages, path }: IngestProgress) =>
      progress.update(`${done}/${total} files, ${count(passages, 'passage')}`, path);
    const report = await ingest(
      paths,
      { metadata, sourceBase },
      {
        ...deps,
        onProgress,
        store: deps.store ?? (async () => 'created'),
        ...(deps.store === null && { onDocument: (document) => void documents.push(document) }),
      },
    );
    progress.end();
    const print = (lines: readonly string[]) => deps.terminal.write(lines.map((line) => `${line}\n`).join(''));
    for (const document of documents) print([...ingestedLines(document, deps.commercialUse), '']);
    const dryRun = deps.store === null;
    const prunes = flags.prune === true && !deps.signal.aborted;
    print(reportLines(report, { commercialUse: deps.commercialUse, now: deps.now(), dryRun, prunes }));
    // After the report, because a refused removal must not hide what was stored.
    if (prunes)
      await prune(report, { dryRun, allowRemovals: flags.allowRemovals === true, remove: deps.remove, print });
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
