/** Counts turns on their way into the database. */
import { metrics } from '../../catalogue/metrics.ts';
import { counter, observed } from './instruments.ts';

type RecordState = (typeof metrics.records.labels.state)[number];

const records = counter(metrics.records);

export function measureRecord(state: RecordState): void {
  records.add(1, { state });
}

/** @param read turns received that are neither stored nor rejected yet */
export function observePendingRecords(read: () => number): void {
  observed(metrics.recordsPending, read);
}

export function startRecordsAtZero(): void {
  for (const state of metrics.records.labels.state) records.add(0, { state });
}
