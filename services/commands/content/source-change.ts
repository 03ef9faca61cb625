/** Converts the options of `sources configure` to a change of the source's row. */
import { resolve } from 'node:path';
import type { SourceChange } from '../../postgres/sources/registry.ts';
import { printable } from '../progress.ts';

export type ConfigureFlags = {
  readonly config?: string;
  readonly metadata?: string;
  readonly endpoint?: string;
  readonly apiKeyVariable?: string;
  readonly allowHost?: readonly string[];
  readonly module?: string;
  readonly syncEvery?: string;
};

/** Makes a relative path absolute, because the worker runs in another directory. */
export function moduleToStore(module: string): string {
  return module.startsWith('.') ? resolve(module) : module;
}

/** @throws {Error} for an invalid option */
export function changeFrom(flags: ConfigureFlags): SourceChange {
  const { config, metadata, endpoint, apiKeyVariable, allowHost, module, syncEvery } = flags;
  if (endpoint && !/^https?:\/\//.test(endpoint))
    throw new Error('--endpoint: must be a URL that begins with http:// or https://');
  if (apiKeyVariable && !/^[A-Z_][A-Z0-9_]*$/.test(apiKeyVariable)) {
    throw new Error(
      '--api-key-variable: must be the NAME of an environment variable, in capitals; the key itself is never stored',
    );
  }
  if (syncEvery !== undefined && !/^\d{1,6}$/.test(syncEvery))
    throw new Error('--sync-every: must be a number of minutes');
  return {
    ...(config !== undefined && { config: json(config, '--config') }),
    ...(metadata !== undefined && { metadata: json(metadata, '--metadata') }),
    ...(endpoint !== undefined && { endpoint: endpoint || null }),
    ...(apiKeyVariable !== undefined && { apiKeyVariable: apiKeyVariable || null }),
    ...(allowHost !== undefined && { allowedHosts: allowHost.filter((host) => host !== '') }),
    ...(module !== undefined && { module: module ? moduleToStore(module) : null }),
    ...(syncEvery !== undefined && { syncEveryMinutes: Number(syncEvery) || null }),
  };
}

function json(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new Error(
      `${option}: not valid JSON (${printable(reason)}); quote names and texts with " and the whole value with ': ${option} '{"name":["value"]}'`,
    );
  }
}
