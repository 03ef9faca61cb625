/** The OpenTelemetry Collector goes away: traces and logs stop, answers go on. */
import type { Incident } from '../incident.ts';

export const collectorAway: Incident = {
  name: 'collector-away',
  title: 'The OpenTelemetry Collector is stopped',
  inject: ['stop the Collector'],
  heal: ['start the Collector'],
  expected: [{ alert: 'RagTargetDown', severity: 'critical', service: 'otel-collector' }],
};
