/** PROGRAM `npm run gameday`: starts a stack for game days, runs it until Ctrl-C, and prints how to use it. */
import { parseArgs } from 'node:util';
import { buildCollector } from '../collector/build.ts';
import { loadConfig } from '../services/config.ts';
import { printError } from '../services/runtime/console.ts';
import { listenForStop } from '../services/runtime/shutdown-signal.ts';
import { incidents } from './incidents.ts';
import { gamedayFolder, writeControlFile } from './stack/control-file.ts';
import { findTools } from './stack/find-tools.ts';
import { startStack } from './stack/start-stack.ts';

const print = (line: string) => console.log(line);
/** A scrape takes milliseconds, and prices that were checked today would soon be too old. */
const maxFaster = 120;
const maxPerSecond = 100;

const code = await main().catch((error: unknown) => {
  printError(error);
  return 1;
});
// The channel to a program that started this one would keep it alive.
process.exit(code);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      collector: { type: 'boolean', default: false },
      faster: { type: 'string', default: '60' },
      'questions-per-second': { type: 'string', default: '5' },
    },
  });
  const faster = positive('--faster', values.faster, maxFaster);
  const answersPerSecond = positive('--questions-per-second', values['questions-per-second'], maxPerSecond);
  const tools = findTools(process.env.PATH ?? '');
  if ('missing' in tools) throw new Error(tools.missing);
  const collector = values.collector ? await buildCollector(print) : null;
  if (collector !== null && 'missing' in collector) throw new Error(collector.missing);
  const stop = listenForStop();
  const folder = gamedayFolder(loadConfig(process.env).dataDir);
  print(`Starting a game-day stack in ${folder}.`);
  const binary = collector?.binary ?? null;
  const stack = await startStack({ folder, tools, scale: 1 / faster, answersPerSecond, collector: binary, log: print });
  const removeControlFile = writeControlFile(folder, stack.control);
  try {
    print(
      [
        '',
        `  The game-day stack ${stack.id} is ready. One hour in its rules takes ${Number((3600 / faster).toPrecision(3))} s.`,
        `  Chat          ${stack.chat}/`,
        `  Prometheus    ${stack.prometheus}/alerts`,
        `  Alertmanager  ${stack.alertmanager}/`,
        '',
        '  Run           npm run -s cli -- gameday INCIDENT, in another terminal',
        ...incidents.map(({ name, title }) => `                  ${name.padEnd(15)} ${title}`),
        '  Stop          Ctrl-C',
        '',
      ].join('\n'),
    );
    process.send?.('ready');
    return await stop.requested;
  } finally {
    removeControlFile();
    print('Stopping.');
    stop.forced.then(() => process.exit(1));
    await stack.stop();
  }
}

function positive(option: string, text: string, max: number): number {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  throw new Error(`${option} must be a number above 0, up to ${max}, not "${text}"`);
}
