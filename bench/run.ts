/** PROGRAM `npm run bench -- NAME [ARGUMENTS]`: runs a benchmark, or lists them. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benchmarks: Readonly<Record<string, { readonly file: string; readonly description: string }>> = {
  answers: { file: 'answers.ts', description: 'how often answers without a model quote the expected text' },
  audit: { file: 'audit.ts', description: 'time of the audit statements on 100,000 dialogues' },
  chat: { file: 'chat-latency.ts', description: 'latency of a whole chat over HTTP, with and without a model' },
  confidence: {
    file: 'confidence.ts',
    description: 'whether of citations with confidence 0.9, nine in ten are right',
  },
  export: { file: 'export.ts', description: "memory of the chat server while it exports a user's data" },
  'false-alerts': { file: 'false-alerts.ts', description: 'false alerts while every objective is exactly met' },
  growth: { file: 'growth/run.ts', description: 'one table or monthly partitions, over three years' },
  'not-found': {
    file: 'not-found/run.ts',
    description: 'refused unanswerable and answerable questions at every threshold',
  },
  quality: { file: 'quality/run.ts', description: 'how well quality scores separate right answers from others' },
  intake: {
    file: 'intake/run.ts',
    description: 'turns of another application per second, compared with the recorder alone',
  },
  otlp: { file: 'otlp.ts', description: 'decoding of spans, and turns per second by OTLP' },
  questions: { file: 'check-questions.ts', description: 'whether the labels of the questions match the corpus' },
  pairs: {
    file: 'pairs.ts',
    description: 'retrieval within and across languages on manuals that nothing was tuned on',
  },
  recorder: { file: 'recorder.ts', description: 'durable answers per second, compared with single inserts and COPY' },
  retention: { file: 'retention.ts', description: 'latency of recording while old dialogues are deleted' },
  retrieval: { file: 'retrieval.ts', description: 'retrieval quality and latency on Debian manuals' },
  'row-security': { file: 'row-security.ts', description: 'cost of row-level security for history and search' },
  sync: { file: 'sync.ts', description: 'time and memory of a sync of 10,000 articles' },
  telemetry: { file: 'telemetry/run.ts', description: 'CPU time that metrics and spans add to a whole chat' },
  vectors: { file: 'vectors.ts', description: 'search by meaning with pgvector and in memory, on synthetic passages' },
  year: { file: 'year/run.ts', description: 'queries and rollups on a year of dialogues' },
};

const [name = '', ...args] = process.argv.slice(2);
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark === undefined) {
  const list = Object.entries(benchmarks).map(([each, { description }]) => `  ${each.padEnd(14)} ${description}`);
  console.error(`${name === '' ? '' : `Unknown benchmark "${name}". `}Usage: npm run bench -- NAME [ARGUMENTS]\n`);
  console.error(list.join('\n'));
  process.exitCode = 2;
} else {
  const file = fileURLToPath(new URL(benchmark.file, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  // On Ctrl-C the benchmark receives the signal from the terminal itself, and cleans up.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
