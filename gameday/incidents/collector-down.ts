/** The OpenTelemetry Collector stops: traces and logs stop arriving, answers continue. */
import type { Incident } from '../incident.ts';

export const collectorDown: Incident = {
  name: 'collector-down',
  title: 'The OpenTelemetry Collector is stopped',
  inject: ['stop the Collector'],
  recover: ['start the Collector'],
  expected: [{ alert: 'RagTargetDown', severity: 'critical', service: 'otel-collector' }],
};
