/** SOURCE local: folders of files, each item one file. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, matchesGlob } from 'node:path';
import { fetchFileItem, fileItem, fileUri, type HeldFile } from '../ingest/file-items.ts';
import { fileProblem, findFiles } from '../ingest/find-files.ts';
import { localMetadata } from '../ingest/ingest.ts';
import { readFetched } from '../ingest/make-document.ts';
import { definePlugin } from '../plugin.ts';
import { SourceError } from '../source-error.ts';

export default definePlugin({
  version: '1.0.0',
  configuration: (z) =>
    z.strictObject({
      folders: z
        .array(
          z.strictObject({
            path: z.string().refine(isAbsolute, 'is not an absolute path; the worker may run elsewhere than you'),
            /** Where it is published; absent: files keep their own URL. */
            sourceBase: z.url().optional(),
          }),
        )
        .default([]),
      /** Patterns such as `notes/**`, of paths from the folder; empty: all. */
      include: z.array(z.string()).default([]),
      exclude: z.array(z.string()).default([]),
    }),
  metadata: localMetadata,

  async *list({ config }) {
    const unread: string[] = [];
    for (const { path, sourceBase = null } of config.folders) {
      const found = await findFiles([path]);
      // A folder that is away is no folder without files.
      const away = found.failed.find((failed) => failed.path === path);
      if (away) throw new SourceError(`the folder ${path} ${away.reason}`);
      for (const file of found.files) yield await fileItem(file, sourceBase);
      for (const failed of found.failed) {
        unread.push(fileUri(failed.path));
        yield await fileItem({ path: failed.path, relativePath: failed.path }, null, failed.reason);
      }
    }
    const folders = config.folders.map(({ path }) => `${fileUri(path)}/`);
    return {
      cursor: null,
      // Files that a person took in by hand from elsewhere are none of this listing's business.
      covers: ({ key }) =>
        folders.some((folder) => key.startsWith(folder)) && !unread.some((path) => key.startsWith(`${path}/`)),
    };
  },

  filter({ held }, { config }) {
    const { relativePath } = held as HeldFile;
    const matches = (pattern: string) => matchesGlob(relativePath, pattern);
    return (config.include.length === 0 || config.include.some(matches)) && !config.exclude.some(matches);
  },

  fetch: fetchFileItem,

  transform: (fetched) => readFetched(fetched),

  search: (query, limit, { searchSynced }) => searchSynced(query, limit),

  async health({ config }) {
    if (config.folders.length === 0) return { degraded: 'no folders are configured' };
    for (const { path } of config.folders) {
      await readdir(path).catch((error: unknown) => {
        throw new SourceError(`the folder ${path} ${fileProblem(error)}`);
      });
    }
    return undefined;
  },
});
