/**
 * Backfills Prometheus with answers that meet every target, over the longest window of an alert.
 * Without it, the windows of a new stack contain little but the incident, so its alerts resolve hours late.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { builtInService } from '../../services/slo/deployment.ts';

type Options = {
  /** The end. Milliseconds since 1970. */
  readonly until: number;
  /** Seconds. */
  readonly length: number;
  /** Seconds between two samples. */
  readonly step: number;
  readonly answersPerSecond: number;
  readonly costJpy: number;
  readonly model: string;
};

const { answers, answerDuration, cost, pricedAnswers } = answerMetrics;

/** @returns OpenMetrics text: each answer is cited, within the lowest bound, at the default cost */
export function backfillMetrics({ until, length, step, answersPerSecond, costJpy, model }: Options): string {
  const common = { job: scrapeJobs.chat, instance: 'backfill:0', service: builtInService };
  const bounds = [...answerDuration.bounds.map(String), '+Inf'];
  const answered = { ...common, outcome: 'answered', model, cited: 'true' };
  const families = [
    { of: answers.name, kind: 'counter', series: [series(answers.name, answered)] },
    { of: cost.name, kind: 'counter', series: [series(cost.name, { ...common, model, kind: 'answer' }, costJpy)] },
    { of: pricedAnswers.name, kind: 'counter', series: [series(pricedAnswers.name, { ...common, model })] },
    {
      of: answerDuration.name,
      kind: 'histogram',
      series: [
        ...bounds.map((le) => series(`${answerDuration.name}_bucket`, { ...common, le })),
        series(`${answerDuration.name}_count`, common),
        series(`${answerDuration.name}_sum`, common, 0.02),
      ],
    },
  ];
  const times = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
  const lines = families.flatMap(({ of, kind, series: all }) => [
    `# TYPE ${of.replace(/_total$/, '')} ${kind}`,
    ...all.flatMap(({ name, each }) =>
      times.map((time) => `${name} ${time * answersPerSecond * each} ${(until / 1_000 - length + time).toFixed(3)}`),
    ),
  ]);
  return `${lines.join('\n')}\n# EOF\n`;
}

/** Writes the backfill as TSDB blocks, before Prometheus starts. */
export async function writeBackfill(
  promtool: string,
  { file, blocks }: { file: string; blocks: string },
  backfill: Options,
) {
  writeFileSync(file, backfillMetrics(backfill));
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', file, blocks]);
}

function series(name: string, labels: Readonly<Record<string, string>>, each = 1) {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { name: `${name}{${pairs.join(',')}}`, each };
}
