/** Compares the registry rows of the built-in sources with their plugins. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { contentChecks } from '../../services/postgres/verify/content-checks.ts';
import { loadPlugin } from '../../services/sources/load-plugin.ts';
import { capabilitiesOf } from '../../services/sources/plugin.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const plugins = new URL('../../services/sources/plugins/', import.meta.url);
const builtIn = readdirSync(plugins)
  .map((file) => basename(file, '.ts'))
  .sort();

async function expectRowsToMatch(): Promise<void> {
  const wanted = await Promise.all(
    builtIn.map(async (source) => {
      const plugin = await loadPlugin({ source, module: null });
      return { source, version: plugin.version, capabilities: capabilitiesOf(plugin) };
    }),
  );
  const rows = await db.query('select source, version, capabilities from plugin_registry order by source');
  expect(rows).toEqual(wanted);
}

test('each row declares the capabilities of its plugin before any configuration', expectRowsToMatch);

test('the statement that verify prints restores a lost row', async () => {
  await db.query('delete from plugin_registry');
  const check = contentChecks.find(({ name }) => name === 'the built-in sources are registered');
  const [problem] = (await check?.problems(db.pool)) ?? [];
  await db.query(problem?.repair?.join('\n') ?? '');
  await expectRowsToMatch();
  expect(await check?.problems(db.pool)).toEqual([]);
});
