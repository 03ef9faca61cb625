/** PROGRAM `npm run dev`: runs the service and restarts it when its code changes. The embedded database keeps running. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { loadConfig } from '../services/config.ts';
import { acquireDatabase } from '../services/embedded-postgres/acquire-database.ts';
import { listenForStop } from '../services/runtime/shutdown-signal.ts';

const folders = ['services', 'migrations', 'samples', 'gameday'];
/** An editor writes a file in several steps, and a checkout many files. Milliseconds. */
const settleMs = 200;
const say = (line: string) => console.log(`[dev] ${line}`);

const config = loadConfig(process.env);
const stop = listenForStop(config.underNpm);
const database = await acquireDatabase(config, say);
let service = start();
let restarting = false;
let timer: NodeJS.Timeout | undefined;

const watchers = folders.map((folder) =>
  watch(folder, { recursive: true }, (_, file) => {
    if (file === null || /\.test\.ts$|~$|\.sw.$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => restart(`${folder}/${file}`), settleMs);
  }),
);
say(`Watching ${folders.join(', ')}. Ctrl-C stops.`);

const code = await stop.requested;
for (const watcher of watchers) watcher.close();
clearTimeout(timer);
stop.forced.then(() => service.kill('SIGTERM'));
await end(service);
await database.release();
process.exitCode = code;

function start(): ChildProcess {
  const child = spawn(process.execPath, ['services/start.ts'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // Ctrl-C reaches this program alone, which then stops the service. If this program dies, the service notices and stops.
    detached: process.platform !== 'win32',
  });
  child.on('exit', (exitCode) => {
    if (!restarting && !stop.isRequested())
      say(`The service ended with code ${exitCode}. It starts again when a file changes.`);
  });
  return child;
}

async function restart(file: string): Promise<void> {
  // Another change while the service stops: it starts with that change, too.
  if (restarting || stop.isRequested()) return;
  restarting = true;
  say(`${file} changed. Restarting.`);
  await end(service);
  restarting = false;
  if (!stop.isRequested()) service = start();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
