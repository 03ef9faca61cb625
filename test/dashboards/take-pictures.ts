/**
 * PROGRAM `npm run pictures -- --preview FOLDER`: plays a game day on a real stack, and has pictures drawn of the boards.
 * FOLDER is a tool that draws Grafana's JSON with Grafana's own panels: docs/dashboards.md says what is asked of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BoardId, boards } from '../../alerts/links.ts';
import { buildCollector } from '../../collector/build.ts';
import { boardFolders } from '../../dashboards/folders.ts';
import { findTools } from '../../gameday/stack/find-tools.ts';
import { startStack } from '../../gameday/stack/start-stack.ts';
import { makeToken } from '../../services/commands/token.ts';
import { loadConfig } from '../../services/config.ts';
import { clusterIn } from '../../services/embedded-postgres/cluster.ts';
import { runningServer } from '../../services/embedded-postgres/running-server.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { addDays, dayOf } from '../../services/rollup/day.ts';
import { printError } from '../../services/runtime/console.ts';
import { listenForStop } from '../../services/runtime/shutdown-signal.ts';
import { startChromium } from '../page/chromium.ts';
import { insertHistory, insertToday } from '../page/insert-history.ts';
import { giveContentAPast } from './content-past.ts';
import { drawBoards, previewIn, type Theme } from './pictures/draw-boards.ts';
import { playBefore } from './pictures/play-before.ts';
import { vote } from './pictures/vote.ts';
import { writeWebp } from './pictures/write-webp.ts';

/** An hour of the stack's rules lasts two minutes and a half. A busy machine takes a smaller number. */
const usualFaster = '24';
const answersPerSecond = 3;
const exporter = 'prometheus-postgres-exporter';
const allThemes: readonly Theme[] = ['dark', 'light'];
/** Boards of days: they are drawn over the time that they open with. */
const ofDays: readonly BoardId[] = ['business', 'provenance'];
/** Of the contents' past, what would page: the pictures are of one incident. */
const quietAgain = [
  'delete from dialogue_retention_run',
  `update provenance set verification_status = 'verified' where verification_status = 'hash_mismatch'`,
];

const begun = performance.now();
const say = (line: string) => {
  const seconds = Math.round((performance.now() - begun) / 1_000);
  console.log(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} ${line}`);
};
const stop = listenForStop(true);
const stopping = new AbortController();
stop.requested.then(() => {
  say('Stopping.');
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
  const { values: given } = parseArgs({
    options: {
      preview: { type: 'string' },
      out: { type: 'string', default: 'docs/pictures/boards' },
      width: { type: 'string', default: '1600' },
      board: { type: 'string', multiple: true },
      theme: { type: 'string', multiple: true },
      faster: { type: 'string', default: usualFaster },
      stay: { type: 'boolean', default: false },
    },
  });
  if (given.preview === undefined) throw new Error('--preview FOLDER says what draws: see docs/dashboards.md');
  const preview = previewIn(resolve(given.preview));
  const chosen = namesOf('--board', given.board, Object.keys(boards) as BoardId[]);
  const faster = Number(given.faster);
  if (!(faster >= 1 && faster <= 60)) throw new Error(`--faster is a number from 1 to 60, not "${given.faster}"`);
  const themes = namesOf('--theme', given.theme, allThemes);
  const tools = findTools(process.env.PATH ?? '');
  if ('missing' in tools) throw new Error(tools.missing);
  if (spawnSync(exporter, ['--version']).error !== undefined) throw new Error(`${exporter} is not installed`);
  const collector = await buildCollector(say);
  if ('missing' in collector) throw new Error(collector.missing);
  const out = resolve(given.out);
  mkdirSync(out, { recursive: true });

  const folder = mkdtempSync(join(tmpdir(), 'rag-pictures-'));
  // Whatever ends this process: the database, unlike all else that runs here, would go on without it.
  process.once('exit', () => {
    const database = runningServer(clusterIn(join(folder, 'postgres')));
    if (database !== null) process.kill(database.pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  stop.forced.then(() => process.exit(1));

  say('Starting a stack.');
  const stack = await startStack({
    folder,
    tools,
    scale: 1 / faster,
    answersPerSecond,
    collector: collector.binary,
    exporter,
    settings: { JUDGE_SAMPLE_RATE: '0.2' },
    prepare,
    say,
  });
  try {
    signal.throwIfAborted();
    const config = loadConfig({ DATA_DIR: folder });
    vote({ chat: stack.chat, token: () => makeToken({}, config, new Date()), signal });
    const played = await playBefore({ stack, hourMs: 3_600_000 / faster, say, signal });
    const postgres = new URL(stack.superuserUrl);
    postgres.searchParams.set('options', '-c role=grafana_reader');
    const { prometheus } = stack;
    const options = {
      preview,
      prometheus,
      postgres: postgres.href,
      themes,
      width: given.width,
      out: folder,
      say,
      signal,
    };
    for (const range of [played, null]) {
      const files = chosen.filter((board) => ofDays.includes(board) === (range === null)).map(fileOf);
      await keep(await drawBoards({ ...options, files, range }), out);
    }
    if (given.stay) {
      say('The stack stays until Ctrl-C, and the incident goes on.');
      const range = `--from ${played.from.toISOString()} --to ${played.to.toISOString()}`;
      say(`To draw again: node ${preview} --prometheus ${prometheus} --postgres '${postgres.href}' ${range} FILE.json`);
      await stop.requested;
    }
    await played.end();
    return 0;
  } finally {
    stopping.abort();
    await stack.stop();
  }
}

/** @returns those named, each once, or all where none is. @throws {Error} for a name that there is not */
function namesOf<Name extends string>(option: string, given: readonly string[] | undefined, all: readonly Name[]) {
  const unknown = given?.find((name) => !all.some((each) => each === name));
  if (unknown !== undefined) throw new Error(`${option} is one of ${all.join(', ')}, not "${unknown}"`);
  return all.filter((name) => given === undefined || given.includes(name));
}

function fileOf(board: BoardId): string {
  return resolve(`dashboards/generated/${boardFolders[board].name}/${boards[board]}.json`);
}

/** As WebP. */
async function keep(pngs: readonly string[], out: string): Promise<void> {
  if (pngs.length === 0) return;
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    for (const png of pngs) {
      const name = basename(png).replace(/^rag-(.*)png$/, '$1webp');
      const bytes = await writeWebp(page, png, join(out, name));
      say(`${name}, ${Math.round(bytes / 1_000)} kB`);
    }
  } finally {
    await browser.close();
  }
}

/** Days of the past, and contents that are years old. */
async function prepare(url: string): Promise<void> {
  const pool = connect(url, { name: 'pictures' });
  try {
    // Yesterday is rolled up from its answers, and has no row yet.
    const now = new Date();
    await insertHistory(pool, addDays(dayOf(now), -1));
    await insertToday(pool, new Date(now.getTime() - 86_400_000));
    await giveContentAPast({ query: async (statement) => (await pool.query(statement)).rows });
    for (const statement of quietAgain) await pool.query(statement);
  } finally {
    await pool.end();
  }
}
