/** Loads the plugin of a row: built in, from a file, or from an npm package. */
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type ContentMetadata, contentMetadata, metadataProblems } from './ingest/content-metadata.ts';
import type { SourcePlugin } from './plugin.ts';
import { SourceError } from './source-error.ts';

const home = new URL('plugins/', import.meta.url);
const functions = ['list', 'search', 'filter', 'fetch', 'transform', 'health', 'isDeleted'] as const;

/** The names of the built-in sources, one file each. */
async function builtInSources(): Promise<readonly string[]> {
  const files = await readdir(home);
  return files.flatMap((file) => /^([a-z][a-z0-9-]*)\.ts$/.exec(file)?.[1] ?? []).sort();
}

/**
 * @param module an npm package; a file or the directory of a package, absolute or beginning with a dot, from the directory that the
 *   program runs in; null: built in
 * @throws {SourceError} if the plugin cannot be loaded or breaks the contract; the message is for operators
 */
export async function loadPlugin({ source, module }: { source: string; module: string | null }): Promise<SourcePlugin> {
  const inside = module === null ? await builtIn(source) : null;
  let loaded: { default?: unknown };
  try {
    loaded = await import(inside ?? addressOf(module ?? source));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : 'unknown error';
    throw new SourceError(`its plugin ${module ?? source} cannot be loaded: ${reason}`, { cause: error });
  }
  const plugin = loaded.default;
  const problem = problemOf(plugin);
  if (problem !== null) throw new SourceError(`its plugin ${module ?? source} ${problem}; see docs/sources.md`);
  return plugin as SourcePlugin;
}

async function builtIn(source: string): Promise<string> {
  const known = await builtInSources();
  if (known.includes(source)) return new URL(`${source}.ts`, home).href;
  throw new SourceError(`its plugin is not named (--module), and none of its name is built in: ${known.join(', ')}`);
}

function addressOf(module: string): string {
  const isPath = module.startsWith('file:') || isAbsolute(module) || module.startsWith('.');
  if (!isPath) return module;
  const path = module.startsWith('file:') ? fileURLToPath(module) : resolve(module);
  // The directory of a package resolves to the `main` of its package.json.
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return pathToFileURL(isDirectory ? createRequire(import.meta.url).resolve(path) : path).href;
}

function problemOf(plugin: unknown): string | null {
  if (typeof plugin !== 'object' || plugin === null) return 'has no default export that is an object';
  const candidate = plugin as Record<string, unknown>;
  const { version, configuration, list, fetch } = candidate;
  if (typeof version !== 'string' || version === '' || version.length > 20) {
    return 'has no version of at most 20 characters';
  }
  if (typeof configuration !== 'function') return 'has no configuration: (z) => schema';
  const invalid = functions.find((name) => candidate[name] !== undefined && typeof candidate[name] !== 'function');
  if (invalid !== undefined) return `has a ${invalid} that is not a function`;
  if ((list === undefined) !== (fetch === undefined)) return 'needs both list and fetch, or neither';
  const metadata = contentMetadata.safeParse(candidate.metadata ?? {});
  return metadata.success ? null : `has invalid metadata: ${metadataProblems(metadata.error, candidate.metadata)}`;
}

/** @param config null counts as an empty object @throws {SourceError} that names every invalid field */
export function readConfiguration<Config>(plugin: SourcePlugin<Config>, config: unknown): Config {
  const schema = plugin.configuration(z);
  const parsed = schema.safeParse(config ?? {});
  if (parsed.success) return parsed.data;
  const odd = parsed.error.issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  const known = odd ? `; there are: ${namesOf(schema).join(', ') || 'none'}` : '';
  throw new SourceError(`its config cannot be used: ${parsed.error.issues.map(inWords).join('; ')}${known}`);
}

function inWords({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'config' : path.join('.')}: ${message}`;
}

/** The names of the fields of a configuration. */
function namesOf(schema: z.ZodType): readonly string[] {
  return Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {});
}

/** The metadata of the plugin, overridden by that of the row. @throws {SourceError} */
export function readMetadata(plugin: SourcePlugin, metadata: unknown): ContentMetadata {
  const parsed = contentMetadata.strict().safeParse(metadata ?? {});
  if (!parsed.success) {
    const odd = parsed.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
    const problem =
      odd.length === 0
        ? metadataProblems(parsed.error, metadata)
        : `there is none of the name ${odd.join(', ')}; there are: ${Object.keys(contentMetadata.shape).join(', ')}`;
    throw new SourceError(`its metadata cannot be used: ${problem}`);
  }
  return { ...contentMetadata.parse(plugin.metadata ?? {}), ...parsed.data };
}
