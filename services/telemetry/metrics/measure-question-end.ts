/** Counts how a question ended for its user, at the HTTP interface. */
import { metrics } from '../../catalogue/metrics.ts';
import { builtInService } from '../../slo/deployment.ts';
import { counter } from './instruments.ts';

const questions = counter(metrics.questions);
type End = (typeof metrics.questions.labels.end)[number];

export function measureQuestionEnd(end: End): void {
  questions.add(1, { service: builtInService, end });
}

export function startQuestionsAtZero(): void {
  for (const end of metrics.questions.labels.end) questions.add(0, { service: builtInService, end });
}
