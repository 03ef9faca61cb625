/** What `sources configure` is told → a change of the source's row. */
import { resolve } from 'node:path';
import type { SourceChange } from '../postgres/sources/registry.ts';
import { printable } from './show-progress.ts';

export type ConfigureFlags = {
  readonly config?: string;
  readonly metadata?: string;
  readonly endpoint?: string;
  readonly apiKeyVariable?: string;
  readonly allowHost?: readonly string[];
  readonly module?: string;
  readonly syncEvery?: string;
};

/** From wherever the worker runs, a relative path would lead elsewhere. */
export function moduleAsKept(module: string): string {
  return module.startsWith('.') ? resolve(module) : module;
}

/** @throws {Error} for people, where an option is not what it should be */
export function changeFrom(flags: ConfigureFlags): SourceChange {
  const { config, metadata, endpoint, apiKeyVariable, allowHost, module, syncEvery } = flags;
  if (endpoint && !/^https?:\/\//.test(endpoint))
    throw new Error('--endpoint is an address that begins with http:// or https://');
  if (apiKeyVariable && !/^[A-Z_][A-Z0-9_]*$/.test(apiKeyVariable)) {
    throw new Error('--api-key-variable is the NAME of a variable, in capitals; the key itself is kept nowhere');
  }
  if (syncEvery !== undefined && !/^\d{1,6}$/.test(syncEvery)) throw new Error('--sync-every is a number of minutes');
  return {
    ...(config !== undefined && { config: json(config, '--config') }),
    ...(metadata !== undefined && { metadata: json(metadata, '--metadata') }),
    ...(endpoint !== undefined && { endpoint: endpoint || null }),
    ...(apiKeyVariable !== undefined && { apiKeyVariable: apiKeyVariable || null }),
    ...(allowHost !== undefined && { allowedHosts: allowHost.filter((host) => host !== '') }),
    ...(module !== undefined && { module: module ? moduleAsKept(module) : null }),
    ...(syncEvery !== undefined && { syncEveryMinutes: Number(syncEvery) || null }),
  };
}

function json(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new Error(
      `${option} is not JSON (${printable(reason)}); names and texts stand in double quotes, all of it in single ones: ${option} '{"name":["value"]}'`,
    );
  }
}
