/** PROGRAM of .ci/run, after `npm ci`: every suite that a change must pass. Fails when one of them fails. */
import { type Lane, repeatFailed, runLanes, type Suite, summarise } from './run-suites.ts';

const npm = (script: string, ...args: readonly string[]): Suite => ({
  name: [script, ...args].join(' '),
  command: ['npm', 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])],
});
const slow = (name: string, ...args: readonly string[]) => npm('test:slow', name, ...args);

/** These measure time and mostly wait. `paging` needs the Collector, which the other lane has built by then. */
const timed: Lane = [
  slow('newcomer'),
  // One seed, so that the change fails and not the draw. Run it by hand for others.
  slow('faults', '--seed', '20261123'),
  slow('paging'),
  slow('prometheus3'),
  slow('vmalert'),
];

/** These compute. They run at a lower priority, so that they do not disturb the times that the others measure. */
const computing: Lane = [
  npm('lint'),
  npm('types'),
  npm('imports'),
  npm('unused'),
  npm('generated'),
  slow('collector'),
  slow('helm'),
  slow('alerts'),
  slow('migrations'),
  slow('pages'),
  slow('large-sync'),
  npm('bench', 'retrieval'),
  npm('bench', 'year', '--scale', '0.01'),
  slow('volume'),
].map(({ name, command }) => ({ name, command: ['nice', ...command] }));

const print = (text: string) => console.log(text);
// The README's own command first, alone, as a newcomer runs it.
const first = await runLanes([[{ name: 'npm test', command: ['npm', 'test'] }]], print);
const results = await repeatFailed([...first, ...(await runLanes([timed, computing], print))], print);
console.log(`\n${summarise(results)}`);
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
