/** `cli -- sources …`: the commands that manage content sources. */
import type { Command } from 'commander';
import type { ConfigureFlags } from './source-change.ts';
import {
  addNewSource,
  checkOne,
  configureOne,
  listSources,
  searchOne,
  showHealth,
  switchSource,
} from './sources-actions.ts';
import type { SourcesCommand } from './sources-context.ts';
import { listFailing, syncSome } from './sources-sync.ts';

/** @param run passes the dependencies to the action and sets the exit code */
export function describeSources(
  command: Command,
  run: (action: (deps: SourcesCommand) => Promise<number>) => Promise<void>,
): void {
  command.description('manage content sources (docs/sources.md)');
  command
    .command('list')
    .description('list all sources with their health and last sync')
    .action(() => run(listSources));
  command
    .command('add')
    .description('register a source; it stays disabled until you enable it')
    .argument('<source>', 'short name: lower-case letters, digits, hyphens')
    .option('--module <name>', 'npm package, directory or file of the plugin (not for built-in sources)')
    .option('--name <text>', 'display name (default: the short name)')
    .action((source: string, flags: { module?: string; name?: string }) =>
      run((deps) => addNewSource(source, flags, deps)),
    );
  command
    .command('configure')
    .description('update the configuration of a source; without options, refresh it from the plugin')
    .argument('<source>')
    .option('--config <json>', "the plugin's own settings, complete")
    .option(
      '--metadata <json>',
      'metadata of all its content: {"license":"cc_by","rightsHolder":"…","permission":true …}',
    )
    .option('--endpoint <url>', 'base URL of the service; "" for the default')
    .option('--api-key-variable <name>', 'NAME of the environment variable that holds the API key; "" for none')
    .option('--allow-host <host...>', 'loopback or private hosts it may connect to (host or host:port); "" for none')
    .option('--module <name>', 'npm package, directory or file of the plugin')
    .option('--sync-every <minutes>', 'how often the worker syncs it; 0: only on demand')
    .action((source: string, flags: ConfigureFlags) => run((deps) => configureOne(source, flags, deps)));
  for (const enabled of [true, false]) {
    command
      .command(enabled ? 'enable' : 'disable')
      .description(
        enabled
          ? 'sync a source and use its content in answers'
          : 'stop syncing a source and using its content; deletes nothing',
      )
      .argument('<source>')
      .action((source: string) => run((deps) => switchSource(source, enabled, deps)));
  }
  command
    .command('health')
    .description('run a health check')
    .argument('[source]', 'default: all enabled sources')
    .action((source: string | undefined) => run((deps) => showHealth(source, deps)));
  command
    .command('check')
    .description("run the conformance checks on a source's plugin; stores nothing")
    .argument('<source>')
    .action((source: string) => run((deps) => checkOne(source, deps)));
  command
    .command('sync')
    .description('sync now')
    .argument('[source]', 'default: all enabled sources')
    .option('--allow-removals', 'proceed even if more than half of the items would be removed')
    .action((source: string | undefined, flags: { allowRemovals?: boolean }) =>
      run((deps) => syncSome(source, flags.allowRemovals === true, deps)),
    );
  command
    .command('failing')
    .description('list items that failed, why, and when they are retried')
    .argument('<source>')
    .action((source: string) => run((deps) => listFailing(source, deps)));
  command
    .command('search')
    .description('search a source')
    .argument('<source>')
    .argument('<query>')
    .action((source: string, query: string) => run((deps) => searchOne(source, query, deps)));
}
