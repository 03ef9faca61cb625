/** `cli -- sources …`: options and help of looking after content sources. */
import type { Command } from 'commander';
import type { ConfigureFlags } from './source-change.ts';
import {
  addNewSource,
  checkOne,
  configureOne,
  listFailing,
  listSources,
  type SourcesCommand,
  searchOne,
  showHealth,
  switchSource,
  syncSome,
} from './sources-actions.ts';

/** @param run gives the action what it needs, and the program its exit code */
export function describeSources(
  command: Command,
  run: (action: (given: SourcesCommand) => Promise<number>) => Promise<void>,
): void {
  command.description('look after content sources: docs/sources.md');
  command
    .command('list')
    .description('every source, how it is and when it was synced')
    .action(() => run(listSources));
  command
    .command('add')
    .description('register a source; it is disabled until you enable it')
    .argument('<source>', 'its short name: lower-case letters, digits, hyphens')
    .option(
      '--module <name>',
      'npm package, its directory or a file of its plugin; not for those that come with this service',
    )
    .option('--name <text>', 'for people; the short name if not told')
    .action((source: string, flags: { module?: string; name?: string }) =>
      run((given) => addNewSource(source, flags, given)),
    );
  command
    .command('configure')
    .description('change what its row says; without options, bring the row up to date with the plugin')
    .argument('<source>')
    .option('--config <json>', "the plugin's own settings, all of them")
    .option('--metadata <json>', 'told of all its content: {"license":"cc_by","rightsHolder":"…","permission":true …}')
    .option('--endpoint <url>', 'where the service is, if not at its usual address; "" for that')
    .option('--api-key-variable <name>', 'NAME of the environment variable with its key; "" for none')
    .option(
      '--allow-host <host...>',
      'loopback or private hosts it may be fetched from (host or host:port); "" for none',
    )
    .option('--module <name>', 'npm package, its directory or a file of its plugin')
    .option('--sync-every <minutes>', 'how often the worker syncs it; 0: on demand only')
    .action((source: string, flags: ConfigureFlags) => run((given) => configureOne(source, flags, given)));
  for (const enabled of [true, false]) {
    command
      .command(enabled ? 'enable' : 'disable')
      .description(
        enabled
          ? 'sync it, and use its content in answers'
          : 'neither sync it nor use its content in answers; nothing is removed',
      )
      .argument('<source>')
      .action((source: string) => run((given) => switchSource(source, enabled, given)));
  }
  command
    .command('health')
    .description('ask how it is, now')
    .argument('[source]', 'all that are enabled, if not told')
    .action((source: string | undefined) => run((given) => showHealth(source, given)));
  command
    .command('check')
    .description('the conformance suite: what every plugin must do; stores nothing')
    .argument('<source>')
    .action((source: string) => run((given) => checkOne(source, given)));
  command
    .command('sync')
    .description('bring what is stored up to date, now')
    .argument('[source]', 'all that are enabled, if not told')
    .option('--allow-removals', 'also where more than half of its items are gone at once')
    .action((source: string | undefined, flags: { allowRemovals?: boolean }) =>
      run((given) => syncSome(source, flags.allowRemovals === true, given)),
    );
  command
    .command('failing')
    .description('items that could not be taken in: why, and when they are tried again')
    .argument('<source>')
    .action((source: string) => run((given) => listFailing(source, given)));
  command
    .command('search')
    .description('what the source finds for a query')
    .argument('<source>')
    .argument('<query>')
    .action((source: string, query: string) => run((given) => searchOne(source, query, given)));
}
