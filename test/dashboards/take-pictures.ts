/**
 * PROGRAM `npm run pictures -- --preview FOLDER`: plays a game day on a real stack, and has pictures drawn of every board.
 * FOLDER is a tool that draws Grafana's JSON with Grafana's own panels: `node FOLDER/preview.mjs --help` tells what is asked of it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCollector } from '../../collector/build.ts';
import { thisHouse } from '../../dashboards/all-boards.ts';
import { boardFiles } from '../../dashboards/outputs.ts';
import { reachControl } from '../../gameday/control/reach-control.ts';
import { findTools } from '../../gameday/stack/find-tools.ts';
import { startStack } from '../../gameday/stack/start-stack.ts';
import { questions } from '../../gameday/traffic/questions.ts';
import { makeToken } from '../../services/commands/token.ts';
import { loadConfig } from '../../services/config.ts';
import { connect } from '../../services/postgres/connect.ts';
import { addDays, dayOf } from '../../services/rollup/day.ts';
import { startChromium } from '../page/chromium.ts';
import { insertHistory } from '../page/insert-history.ts';
import { giveContentAPast } from './content-past.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** An hour of the stack's rules lasts three minutes. */
const faster = 20;
/** Of the first incident, and of the quiet after it; the second is still played when pictures are taken. */
const slowMs = 60_000;
const quietMs = 120_000;
const patienceMs = 300_000;
/** Of the pictures: what WebP takes as quality. */
const quality = 0.82;
/** Of that past, what would page: the pictures are of one incident. */
const quietAgain = [
  `update dialogue_retention_run set deleted_before = now() - interval '3 years'`,
  `update provenance set verification_status = 'verified' where verification_status = 'hash_mismatch'`,
];
/** Boards of days: they are drawn over the time that they open with. */
const ofDays = ['rag-business', 'rag-provenance'];

const { values: given } = parseArgs({
  options: {
    preview: { type: 'string' },
    out: { type: 'string', default: 'docs/pictures/boards' },
    width: { type: 'string', default: '1600' },
    theme: { type: 'string', default: 'both' },
  },
});
if (given.preview === undefined) throw new Error('--preview FOLDER says what draws');
const preview = join(given.preview, 'preview.mjs');
const tools = findTools(process.env.PATH ?? '');
if ('missing' in tools) throw new Error(tools.missing);
const exporter = 'prometheus-postgres-exporter';
if (spawnSync(exporter, ['--version']).error !== undefined) throw new Error(`${exporter} is not installed`);
const collector = await buildCollector(console.log);
if ('missing' in collector) throw new Error(collector.missing);

const folder = mkdtempSync(join(tmpdir(), 'rag-pictures-'));
const stack = await startStack({
  folder,
  tools,
  scale: 1 / faster,
  answersPerSecond: 3,
  collector: collector.binary,
  exporter,
  settings: { JUDGE_SAMPLE_RATE: '0.2' },
  prepare,
  say: console.log,
});
const people = vote(stack.chat);
try {
  const begun = Date.now();
  const control = reachControl(stack.control);
  await pause(quietMs / 2);
  const slow = await control.begin('slow-model');
  await pause(slowMs);
  await slow.end();
  await pause(quietMs);
  const incident = await control.begin('citation-drop');
  try {
    await until(`${stack.prometheus}/api/v1/query`, 'ALERTS{alertname="RagCitationRate",alertstate="firing"}');
    const now = new Date();
    const drawn = mkdtempSync(join(folder, 'drawn-'));
    const files = boardFiles(thisHouse()).map(({ path }) => path);
    const isOfDays = (path: string) => ofDays.some((uid) => path.endsWith(`/${uid}.json`));
    await draw(
      drawn,
      ['--from', new Date(begun).toISOString(), '--to', now.toISOString()],
      files.filter((path) => !isOfDays(path)),
    );
    await draw(drawn, [], files.filter(isOfDays));
    await keep(drawn);
  } finally {
    await incident.end();
  }
} finally {
  await people.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Days of the past, and contents that are years old. */
async function prepare(url: string): Promise<void> {
  const pool = connect(url, { name: 'pictures' });
  try {
    await insertHistory(pool, addDays(dayOf(new Date()), -1));
    await giveContentAPast({ query: async (statement) => (await pool.query(statement)).rows });
    for (const statement of quietAgain) await pool.query(statement);
  } finally {
    await pool.end();
  }
}

/** A few people who say what they think of an answer, most of them kindly. */
function vote(chat: string): { stop: () => Promise<void> } {
  const config = loadConfig({ DATA_DIR: folder });
  let going = true;
  const voting = (async () => {
    for (let nth = 0; going; nth += 1) {
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${await makeToken({}, config, new Date())}`,
      };
      const post = (path: string, body: object) =>
        fetch(`${chat}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      const reply = await post('/api/ai/chat', { query: questions[nth % questions.length], stream: nth % 2 === 0 });
      const text = await reply.text();
      const id = /"id":\s*"([0-9a-f-]{36})","sessionId"/.exec(text)?.[1];
      if (id !== undefined) await post(`/api/ai/dialogues/${id}/feedback`, { vote: nth % 5 === 0 ? -1 : 1 });
      await pause(1_000);
    }
  })();
  return {
    async stop() {
      going = false;
      await voting;
    },
  };
}

async function until(url: string, query: string): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const { data } = (await (await fetch(`${url}?${new URLSearchParams({ query })}`)).json()) as {
      data?: { result: unknown[] };
    };
    if ((data?.result.length ?? 0) > 0) return;
    if (Date.now() > giveUpAt) throw new Error(`it never came: ${query}`);
    await pause(500);
  }
}

/** Tries again what is missing: a browser on a busy machine may take too long. */
async function draw(out: string, range: readonly string[], files: readonly string[], tries = 3): Promise<void> {
  const postgres = new URL(stack.superuserUrl);
  postgres.searchParams.set('options', '-c role=grafana_reader');
  const options = ['--prometheus', stack.prometheus, '--postgres', postgres.href, ...range, '--out', out];
  const look = ['--theme', given.theme, '--width', given.width, '--scrape-interval', '1s'];
  const child = spawn(process.execPath, [preview, ...options, ...look, ...files], { cwd: root, stdio: 'inherit' });
  await once(child, 'exit');
  const drawn = new Set(readdirSync(out));
  const missing = files.filter((file) => !drawn.has(`${basename(file, '.json')}.report.json`));
  if (missing.length === 0) return;
  if (tries === 1) throw new Error(`not drawn: ${missing.join(', ')}`);
  await draw(out, range, missing, tries - 1);
}

/** As WebP, which is a third of the PNG. */
async function keep(drawn: string): Promise<void> {
  const out = join(root, given.out);
  mkdirSync(out, { recursive: true });
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    for (const file of readdirSync(drawn).filter((name) => name.endsWith('.png'))) {
      const source = `data:image/png;base64,${readFileSync(join(drawn, file)).toString('base64')}`;
      const encoded = await page.evaluate<string>(`(async () => {
        const image = new Image();
        image.src = '${source}';
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
        canvas.getContext('2d').drawImage(image, 0, 0);
        return canvas.toDataURL('image/webp', ${quality});
      })()`);
      const bytes = Buffer.from(encoded.slice(encoded.indexOf(',') + 1), 'base64');
      const name = file.replace(/^rag-/, '').replace(/\.png$/, '.webp');
      writeFileSync(join(out, name), bytes);
      console.log(`${name} ${Math.round(bytes.length / 1_000)} kB`);
    }
  } finally {
    await browser.close();
  }
}
