/** PROGRAM for tests: starts the service like `npm start`, with programs from JavaScript arguments. */
import { loadConfig } from '../../../services/config.ts';
import { listenForStop } from '../../../services/runtime/shutdown-signal.ts';
import { runService, type ServiceProgram } from '../../../services/wiring/supervisor.ts';

const [first = '', ...others] = process.argv.slice(2);
const program = (name: string, code: string): ServiceProgram => ({
  name,
  login: 'chat',
  nodeArguments: ['--input-type=module', '--eval', code],
});

process.exitCode = await runService({
  config: loadConfig(process.env),
  env: process.env,
  programs: [program('chat server', first), ...others.map((code) => program('worker', code))],
  address: 'http://localhost:3000',
  prepare: async () => console.log('prepared'),
  greeting: async () => 'everything answers',
  stop: listenForStop(),
  print: (line) => console.log(line),
  drainMs: Number(process.env.DRAIN_MS ?? 3_000),
}).catch((error: Error) => {
  console.error(error.message);
  return 1;
});
