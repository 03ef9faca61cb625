/** Does what a newcomer does: an empty clone, the README's two commands, the printed curl line, a look at everything, Ctrl-C. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const patienceMs = 120_000;
const home = mkdtempSync(join(tmpdir(), 'newcomer-'));
const clone = join(home, 'rag-observatory');
// What a shell gives, without what npm has put into this process's environment: an older Node must do.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE$|INIT_CWD$)/.test(name)));
env.PATH = (env.PATH ?? '')
  .split(':')
  .filter((directory) => !directory.includes('node_modules'))
  .join(':');
const ports = { PORT: await freePort(), METRICS_PORT: await freePort(), WORKER_METRICS_PORT: await freePort() };

try {
  step('git clone');
  execFileSync('git', ['clone', '--quiet', resolve('.'), clone], { stdio: 'inherit' });
  step(`npm ci, on Node ${run('node', ['--version'])}`);
  run('npm', ['ci']);
  await startAskAndStop('first start');
  await startAskAndStop('second start, on the same data');
  console.log('\nA newcomer gets an answer.');
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function startAskAndStop(name: string): Promise<void> {
  const begun = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...env, ...Object.fromEntries(Object.entries(ports).map(([key, port]) => [key, String(port)])) },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const printed: string[] = [];
  try {
    const curl = await Promise.race([
      lineWith(npm.stdout, printed, 'curl '),
      once(npm, 'exit').then(() => Promise.reject(new Error(`npm start ended:\n${printed.join('\n')}`))),
      once(AbortSignal.timeout(patienceMs), 'abort').then(() =>
        Promise.reject(new Error('npm start printed no curl line')),
      ),
    ]);
    step(`${name}: answers after ${seconds(begun)} (load ${loadavg()[0]?.toFixed(1)})`);

    const reply = JSON.parse(execFileSync('bash', ['-c', curl], { encoding: 'utf8', env }));
    require(reply.citations?.length > 0 &&
      reply.citations.every((one: { valid: boolean }) => one.valid), 'the answer is cited', reply);
    require(/^[0-9a-f]{32}$/.test(reply.traceId), 'the answer has a trace', reply);

    const page = await text(`http://localhost:${ports.PORT}/dashboard/metrics`);
    require(page.includes('data-testid="citation-rate"'), 'the page shows the citation rate', page);
    const metrics = await text(`http://localhost:${ports.METRICS_PORT}/metrics`);
    require(/rag_answers_total\{service="rag-chat",outcome="answered",model="extractive",cited="true"\} 1\b/.test(
      metrics,
    ), 'the answer is counted', metrics);
    const worker = await text(`http://localhost:${ports.WORKER_METRICS_PORT}/metrics`);
    require(worker.includes('rag_rollup_last_success_timestamp_seconds'), 'the worker is measured', worker);

    const token = run('npm', ['run', '-s', 'cli', '--', 'token']);
    require(/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token), 'cli -- token prints a token and nothing else', token);
    const databaseUrl = printed.map((line) => /postgres:\/\/\S+/.exec(line)?.[0]).find((url) => url !== undefined);
    const rows = await askDatabase(databaseUrl ?? '', reply.id);
    require(rows.length === 1 && rows[0]?.provenance === 1, 'the answer and its provenance are rows', rows);
  } finally {
    const ended = once(npm, 'exit');
    const stopping = performance.now();
    if (npm.pid !== undefined && npm.exitCode === null) {
      process.kill(-npm.pid, 'SIGINT');
      const [code, signal] = await ended;
      require(code === 130 || signal === 'SIGINT', 'Ctrl-C ends it as Ctrl-C does', { code, signal, printed });
      step(`${name}: ended ${seconds(stopping)} after Ctrl-C`);
    }
  }
  require(await nothingRuns(), 'nothing is left running', printed);
}

/** npm ends at the Ctrl-C itself; what it started drains first. */
async function nothingRuns(): Promise<boolean> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await pause(100)) {
    if (spawnSync('pgrep', ['-f', `${clone}/`]).status === 1) return true;
  }
  return false;
}

async function askDatabase(databaseUrl: string, id: string): Promise<{ provenance: number }[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    `select (select count(*)::int from provenance where dialogue_id = d.id) as provenance from ai_dialogue_log d where id = $1`,
    [id],
  );
  await client.end();
  return rows;
}

function lineWith(stream: NodeJS.ReadableStream, printed: string[], word: string): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on('line', (line) => {
      printed.push(line);
      if (line.includes(word)) resolve(line.slice(line.indexOf(word)));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  require(response.ok, `${url} answers`, response.status);
  return response.text();
}

function run(command: string, args: string[]): string {
  const options = { cwd: command === 'node' || !clone ? home : clone, env, encoding: 'utf8' as const };
  return execFileSync(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

function require(condition: boolean, what: string, seen: unknown): void {
  if (condition) console.log(`   ok  ${what}`);
  else throw new Error(`not so: ${what}. Seen: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`);
}

function step(title: string): void {
  console.log(`-- ${title}`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
