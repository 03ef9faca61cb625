/** Counts a reader's vote on an answer. */
import { metrics } from '../../catalogue/metrics.ts';
import { counter } from './instruments.ts';

const feedback = counter(metrics.feedback);
const labels = { '1': 'up', '0': 'none', '-1': 'down' } as const;

export function measureVote(vote: -1 | 0 | 1, service: string): void {
  feedback.add(1, { service, vote: labels[vote] });
}

export function startVotesAtZero(service: string): void {
  for (const vote of metrics.feedback.labels.vote) feedback.add(0, { service, vote });
}
