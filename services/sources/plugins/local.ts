/** SOURCE local: folders of files, each item one file. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, matchesGlob, resolve } from 'node:path';
import { fetchFileItem, fileItem, fileUri, type HeldFile } from '../ingest/file-items.ts';
import { fileProblem, findFiles } from '../ingest/find-files.ts';
import { localMetadata } from '../ingest/ingest.ts';
import { readFetched } from '../ingest/make-document.ts';
import { definePlugin, type ListedItem } from '../plugin.ts';
import { SourceError } from '../source-error.ts';

type Config = {
  readonly folders: readonly { readonly path: string; readonly sourceBase?: string | undefined }[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
};

export default definePlugin<Config>({
  version: '1.0.0',
  configuration: (z) =>
    z.strictObject({
      folders: z
        .array(
          z.strictObject({
            path: z.string().refine(isAbsolute, 'is not an absolute path; the worker runs in another directory'),
            /** Where it is published; absent: files keep their own URL. */
            sourceBase: z.url().optional(),
          }),
        )
        .default([]),
      /** Patterns such as `notes/**`, of paths from the folder; empty: all. */
      include: z.array(z.string()).default([]),
      exclude: z.array(z.string()).default([]),
    }),
  hostPaths: ({ folders }) => folders.map(({ path }) => path),
  metadata: localMetadata,

  async *list({ config, privateDirectories }) {
    const unread: string[] = [];
    let missing: SourceError | null = null;
    let found = 0;
    for (const { path, sourceBase = null } of config.folders) {
      const { files, failed } = await findFiles([path], privateDirectories);
      for (const file of files) yield await fileItem(file, sourceBase);
      for (const { path: each, reason } of failed) {
        // A folder that cannot be read is not an empty folder: its documents stay, and the others are synced.
        if (each === path) missing = new SourceError(`the folder ${path} ${reason}`);
        unread.push(fileUri(each));
        yield await unreadItem(each, each === path ? `the folder ${reason}` : reason);
      }
      if (!failed.some((each) => each.path === path)) found++;
    }
    if (missing !== null && found === 0) throw missing;
    const folders = config.folders.map(({ path }) => fileUri(path));
    const isIn = (key: string, folder: string) => key === folder || key.startsWith(`${folder}/`);
    return {
      cursor: null,
      // Files that an operator ingested from other folders stay; those of a folder that was removed from the configuration do not.
      covers: ({ key, stated }) =>
        !unread.some((path) => isIn(key, path)) && (stated === null || folders.some((folder) => isIn(key, folder))),
    };
  },

  filter({ held }, { config }) {
    const { relativePath, problem } = held as HeldFile;
    if (problem !== null) return true;
    const matches = (pattern: string) => matchesGlob(relativePath, pattern);
    return (config.include.length === 0 || config.include.some(matches)) && !config.exclude.some(matches);
  },

  fetch: (item, { privateDirectories }) => fetchFileItem(item, privateDirectories),

  transform: (fetched) => readFetched(fetched),

  search: (query, limit, { searchSynced }) => searchSynced(query, limit),

  async health({ config }) {
    if (config.folders.length === 0) return { degraded: 'no folders are configured' };
    const problems: string[] = [];
    for (const { path } of config.folders) {
      await readdir(path).catch((error: unknown) => problems.push(`the folder ${path} ${fileProblem(error)}`));
    }
    if (problems.length === config.folders.length) throw new SourceError(problems.join('; '));
    return problems.length === 0 ? undefined : { degraded: problems.join('; ') };
  },
});

function unreadItem(path: string, reason: string): Promise<ListedItem> {
  return fileItem({ path, relativePath: path, root: resolve(path), companion: null }, null, reason);
}
