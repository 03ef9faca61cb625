/**
 * PROGRAM `npm run pictures -- --preview FOLDER`: runs incidents on a real stack and takes pictures of the dashboards.
 * FOLDER contains a tool that renders dashboard JSON with Grafana's panels: see docs/dashboards.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCollector } from '../../collector/build.ts';
import { dashboardFolders } from '../../dashboards/folders.ts';
import { findTools } from '../../gameday/stack/find-tools.ts';
import { startStack } from '../../gameday/stack/start-stack.ts';
import { type DashboardId, dashboards } from '../../services/catalogue/links.ts';
import { makeToken } from '../../services/commands/users/token.ts';
import { loadConfig } from '../../services/config.ts';
import { clusterIn } from '../../services/embedded-postgres/cluster.ts';
import { runningServer } from '../../services/embedded-postgres/running-server.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { addDays, dayOf } from '../../services/rollup/day.ts';
import { printError } from '../../services/runtime/console.ts';
import { listenForStop } from '../../services/runtime/shutdown-signal.ts';
import { startChromium } from '../page/chromium.ts';
import { insertHistory, insertToday } from '../page/insert-history.ts';
import { insertDocumentHistory } from './document-history.ts';
import { castVotes } from './pictures/cast-votes.ts';
import { drawDashboards, previewIn, type Theme } from './pictures/draw-dashboards.ts';
import { runIncidents } from './pictures/run-incidents.ts';
import { writeWebp } from './pictures/write-webp.ts';

/** One hour of the rules lasts two and a half minutes. Use a smaller number on a busy machine. */
const defaultSpeed = '24';
const answersPerSecond = 3;
const exporter = 'prometheus-postgres-exporter';
const allThemes: readonly Theme[] = ['dark', 'light'];
/** Dashboards of daily data: rendered with their default time range. */
const daily: readonly DashboardId[] = ['business', 'provenance'];
/** Removes what would fire further alerts: the pictures show one incident. */
const removeAlertCauses = [
  'delete from dialogue_retention_run',
  `update provenance set verification_status = 'verified' where verification_status = 'hash_mismatch'`,
];

const startedAt = performance.now();
const log = (line: string) => {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} ${line}`);
};
const stop = listenForStop(true);
const stopping = new AbortController();
stop.requested.then(() => {
  log('Stopping.');
  stopping.abort();
});
const { signal } = stopping;

const code = await main().catch((error: unknown) => {
  if (signal.aborted) return stop.requested;
  printError(error);
  return 1;
});
process.exit(code);

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      preview: { type: 'string' },
      out: { type: 'string', default: 'docs/pictures/dashboards' },
      width: { type: 'string', default: '1600' },
      dashboard: { type: 'string', multiple: true },
      theme: { type: 'string', multiple: true },
      faster: { type: 'string', default: defaultSpeed },
      stay: { type: 'boolean', default: false },
    },
  });
  if (options.preview === undefined) throw new Error('--preview FOLDER is missing: see docs/dashboards.md');
  const preview = previewIn(resolve(options.preview));
  const selected = namesOf('--dashboard', options.dashboard, Object.keys(dashboards) as DashboardId[]);
  const faster = Number(options.faster);
  if (!(faster >= 1 && faster <= 60))
    throw new Error(`--faster must be a number from 1 to 60, not "${options.faster}"`);
  const themes = namesOf('--theme', options.theme, allThemes);
  const tools = findTools(process.env.PATH ?? '');
  if ('missing' in tools) throw new Error(tools.missing);
  if (spawnSync(exporter, ['--version']).error !== undefined) throw new Error(`${exporter} is not installed`);
  const collector = await buildCollector(log);
  if ('missing' in collector) throw new Error(collector.missing);
  const out = resolve(options.out);
  mkdirSync(out, { recursive: true });

  const folder = mkdtempSync(join(tmpdir(), 'rag-pictures-'));
  // Unlike the other processes, the database would survive this one.
  process.once('exit', () => {
    const database = runningServer(clusterIn(join(folder, 'postgres')));
    if (database !== null) process.kill(database.pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  stop.forced.then(() => process.exit(1));

  log('Starting a stack.');
  const stack = await startStack({
    folder,
    tools,
    scale: 1 / faster,
    answersPerSecond,
    collector: collector.binary,
    exporter,
    settings: { JUDGE_SAMPLE_RATE: '0.2' },
    prepare,
    log,
  });
  try {
    signal.throwIfAborted();
    const config = loadConfig({ DATA_DIR: folder });
    castVotes({ chat: stack.chat, token: () => makeToken({}, config, new Date()), signal });
    const incidents = await runIncidents({ stack, hourMs: 3_600_000 / faster, log, signal });
    const postgres = new URL(stack.superuserUrl);
    postgres.searchParams.set('options', '-c role=grafana_reader');
    const { prometheus } = stack;
    const drawing = {
      preview,
      prometheus,
      postgres: postgres.href,
      themes,
      width: options.width,
      out: folder,
      log,
      signal,
    };
    for (const range of [incidents, null]) {
      const files = selected.filter((id) => daily.includes(id) === (range === null)).map(fileOf);
      await saveAsWebp(await drawDashboards({ ...drawing, files, range }), out);
    }
    if (options.stay) {
      log('The stack and the incident continue until Ctrl-C.');
      const range = `--from ${incidents.from.toISOString()} --to ${incidents.to.toISOString()}`;
      log(`To draw again: node ${preview} --prometheus ${prometheus} --postgres '${postgres.href}' ${range} FILE.json`);
      await stop.requested;
    }
    await incidents.end();
    return 0;
  } finally {
    stopping.abort();
    await stack.stop();
  }
}

/** @returns the selected names without duplicates, by default all. @throws {Error} for an unknown name */
function namesOf<Name extends string>(option: string, selected: readonly string[] | undefined, all: readonly Name[]) {
  const unknown = selected?.find((name) => !all.some((each) => each === name));
  if (unknown !== undefined) throw new Error(`${option} must be one of ${all.join(', ')}, not "${unknown}"`);
  return all.filter((name) => selected === undefined || selected.includes(name));
}

function fileOf(id: DashboardId): string {
  return resolve(`dashboards/generated/${dashboardFolders[id].name}/${dashboards[id]}.json`);
}

async function saveAsWebp(pngs: readonly string[], out: string): Promise<void> {
  if (pngs.length === 0) return;
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    for (const png of pngs) {
      const name = basename(png).replace(/^rag-(.*)png$/, '$1webp');
      const bytes = await writeWebp(page, png, join(out, name));
      log(`${name}, ${Math.round(bytes / 1_000)} kB`);
    }
  } finally {
    await browser.close();
  }
}

/** Inserts past days and documents that are years old. */
async function prepare(url: string): Promise<void> {
  const pool = connect(url, { name: 'pictures' });
  try {
    // Yesterday gets answers instead of a row: the rollup creates the row.
    const now = new Date();
    await insertHistory(pool, addDays(dayOf(now), -1));
    await insertToday(pool, new Date(now.getTime() - 86_400_000));
    await insertDocumentHistory({ query: async (statement) => (await pool.query(statement)).rows });
    for (const statement of removeAlertCauses) await pool.query(statement);
  } finally {
    await pool.end();
  }
}
