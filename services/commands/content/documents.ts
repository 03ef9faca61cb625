/** `cli -- documents …`: lists, shows, removes and restores stored documents. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import type { Pool } from '../../postgres/client/connect.ts';
import { listDocuments, readPassages, restoreItems, type StoredDocument } from '../../postgres/content/documents.ts';
import { removeDocument } from '../../postgres/content/remove-item.ts';
import { licensesThatGrantUse } from '../../provenance/may-use.ts';
import { count } from '../../runtime/console.ts';
import { printable } from '../progress.ts';
import { listLine, storedLines } from './document-lines.ts';

export type DocumentsCommand = {
  readonly pool: Pool;
  readonly commercialUse: boolean;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
};

const which = 'id, address, item, file or directory';
/** Documents that one command removes. */
const maxRemoved = 1_000_000;

/** @param run passes the dependencies to the action and sets the exit code */
export function describeDocuments(
  command: Command,
  run: (action: (deps: DocumentsCommand) => Promise<number>) => Promise<void>,
): void {
  command.description('list, show and remove stored documents');
  command
    .command('list')
    .description('list stored documents with their rights')
    .option('--source <name>', 'of this source only')
    .option('--unused', 'only documents that neither licence nor permission allows to use')
    .option('--limit <n>', 'at most this many', '1000')
    .action((flags: ListFlags) => run((deps) => listAll(flags, deps)));
  command
    .command('show')
    .description('print the metadata, notes and passages of a document')
    .argument('<document>', which)
    .action((name: string) => run((deps) => showOne(name, deps)));
  command
    .command('remove')
    .description('remove documents; their provenance stays as a tombstone, and syncs skip them')
    .argument('<document...>', which)
    .option('--dry-run', 'print what would be removed')
    .option('--yes', 'remove more than one document')
    .action((names: string[], flags: RemoveFlags) => run((deps) => removeSome(names, flags, deps)));
  command
    .command('restore')
    .description('let syncs ingest removed documents again')
    .argument('<document...>', 'item, file or directory')
    .action((names: string[]) => run((deps) => restoreSome(names, deps)));
}

type ListFlags = { readonly source?: string; readonly unused?: boolean; readonly limit?: string };
type RemoveFlags = { readonly dryRun?: boolean; readonly yes?: boolean };

async function listAll({ source, unused, limit = '1000' }: ListFlags, deps: DocumentsCommand): Promise<number> {
  const { pool, commercialUse, write } = deps;
  if (!/^[1-9]\d{0,5}$/.test(limit)) throw new Error('--limit: must be a whole number from 1 to 999999');
  const most = Number(limit);
  const documents = await listDocuments(pool, {
    ...(source !== undefined && { source }),
    ...(unused === true && { unusableUnder: licensesThatGrantUse(commercialUse) }),
    limit: most + 1,
  });
  for (const document of documents.slice(0, most)) write(`${listLine(document, commercialUse)}\n`);
  write(
    documents.length > most ? `… and more (showing the first ${most})\n` : `${count(documents.length, 'document')}\n`,
  );
  return 0;
}

async function showOne(name: string, { pool, commercialUse, write }: DocumentsCommand): Promise<number> {
  const documents = await documentsNamed(name, pool);
  for (const document of documents.slice(0, 20)) {
    write(`${storedLines(document, await readPassages(pool, document), commercialUse).join('\n')}\n`);
  }
  if (documents.length > 20) write(`… and ${documents.length - 20} more documents\n`);
  return 0;
}

async function removeSome(names: readonly string[], flags: RemoveFlags, deps: DocumentsCommand): Promise<number> {
  const { pool, write, signal } = deps;
  const found = new Map<string, StoredDocument>();
  for (const name of names) {
    for (const document of await documentsNamed(name, pool)) found.set(document.provenanceId, document);
  }
  const documents = [...found.values()];
  const line = ({ contentId, title, sourceUri }: StoredDocument) =>
    `${contentId}  ${printable(title ?? '(no title)')}  ${printable(sourceUri ?? '')}`;
  if (flags.dryRun === true || (documents.length > 1 && flags.yes !== true)) {
    for (const document of documents) write(`would remove: ${line(document)}\n`);
    if (flags.dryRun === true) return 0;
    write(`nothing was removed; pass --yes to remove these ${documents.length} documents\n`);
    return 1;
  }
  const runId = randomUUID();
  for (const document of documents) {
    signal.throwIfAborted();
    const passages = await removeDocument(pool, document, runId);
    write(`removed: ${line(document)}, ${count(passages, 'passage')}\n`);
  }
  write(`${count(documents.length, 'document')} removed; syncs skip them until you run: documents restore\n`);
  return 0;
}

async function restoreSome(names: readonly string[], { pool, write }: DocumentsCommand): Promise<number> {
  let restored = 0;
  for (const name of names) {
    for (const key of [name, fileUrl(name), `${fileUrl(name)}/`]) restored += await restoreItems(pool, key);
  }
  write(`${count(restored, 'item')} restored; the next sync, or ingest, reads them again\n`);
  return restored === 0 ? 1 : 0;
}

/** @throws {Error} if there is none */
async function documentsNamed(name: string, pool: Pool): Promise<readonly StoredDocument[]> {
  const url = fileUrl(name);
  for (const filter of [{ named: name.trim() }, { named: url }, { below: `${url}/` }]) {
    const documents = await listDocuments(pool, { ...filter, limit: maxRemoved });
    if (documents.length > 0) return documents;
  }
  throw new Error(`no stored document is named ${printable(name)}; run: documents list`);
}

function fileUrl(name: string): string {
  return name.startsWith('file:') ? name.replace(/\/$/, '') : pathToFileURL(resolve(name)).href;
}
