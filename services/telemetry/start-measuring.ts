/** Makes every series that can be known beforehand, at zero, before the first question. */
import pkg from '../../package.json' with { type: 'json' };
import { metrics } from '../catalogue/metrics.ts';
import type { Generator } from './generator.ts';
import { observed } from './instruments.ts';
import { observePendingRecords, startRecordsAtZero } from './measure-records.ts';
import { startStagesAtZero } from './measure-stage.ts';
import { startTurnsAtZero } from './measure-turn.ts';
import { startVotesAtZero } from './measure-vote.ts';

/**
 * To be called once, when the chat server starts.
 * @param generator what answers
 * @param pendingRecords answers that the recorder holds, read at each scrape
 */
export function startMeasuring({
  generator,
  pendingRecords,
}: {
  generator: Generator;
  pendingRecords: () => number;
}): void {
  startTurnsAtZero([generator.model]);
  startStagesAtZero(generator);
  startVotesAtZero();
  startRecordsAtZero();
  observePendingRecords(pendingRecords);
  observed(metrics.buildInfo, () => 1, { version: pkg.version });
}
