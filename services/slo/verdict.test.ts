import { expect, test } from 'vitest';
import { objectives } from '../../test/kit/slo/specification.ts';
import { allMet, compliance, type Measured, met } from './verdict.ts';

const good: Measured = {
  citationRate: 0.7,
  latencyP50: 1.5,
  latencyP95: 3,
  costPerAnswer: 3,
  relevance: 0.7,
  errorRate: 0,
};
const nothing: Measured = {
  citationRate: null,
  latencyP50: null,
  latencyP95: null,
  costPerAnswer: null,
  relevance: null,
  errorRate: null,
};

test('values exactly at the target meet it, except the error rate, which must stay below', () => {
  expect(compliance(good)).toEqual({
    citationRateMet: true,
    latencyMet: true,
    costMet: true,
    relevanceMet: true,
    overallMet: true,
  });
  expect(met(objectives.errorRate, 0.001)).toBe(false);
  expect(met(objectives.errorRate, 0.000999)).toBe(true);
});

test.each([
  ['citationRate', 0.699999, 'citationRateMet'],
  ['latencyP50', 1.501, 'latencyMet'],
  ['latencyP95', 3.001, 'latencyMet'],
  ['costPerAnswer', 3.000001, 'costMet'],
  ['relevance', 0.699, 'relevanceMet'],
] as const)('a day with %s at %d misses %s and overall', (key, value, verdict) => {
  expect(compliance({ ...good, [key]: value })).toEqual({ ...compliance(good), [verdict]: false, overallMet: false });
});

test('zero is a value, and an unmeasured objective is neither met nor breached', () => {
  expect(compliance({ ...good, citationRate: 0 }).citationRateMet).toBe(false);
  expect(compliance({ ...good, costPerAnswer: 0 }).costMet).toBe(true);
  expect(compliance({ ...good, relevance: null })).toMatchObject({ relevanceMet: null, overallMet: true });
  expect(compliance({ ...nothing, relevance: 0 })).toMatchObject({ relevanceMet: false, overallMet: false });
  expect(compliance(nothing)).toEqual({
    citationRateMet: null,
    latencyMet: null,
    costMet: null,
    relevanceMet: null,
    overallMet: null,
  });
});

test('latency is decided by the percentile that was measured', () => {
  expect(compliance({ ...good, latencyP50: null }).latencyMet).toBe(true);
  expect(compliance({ ...good, latencyP50: null, latencyP95: 4 }).latencyMet).toBe(false);
});

test('one miss decides, and no data is not a success', () => {
  expect(allMet([true, null, false])).toBe(false);
  expect(allMet([null, true])).toBe(true);
  expect(allMet([])).toBeNull();
});

test('every objective that pages has two thresholds beyond its target and an action', () => {
  for (const objective of Object.values(objectives)) {
    if (!('critical' in objective)) continue;
    const { direction, target, warning, critical, action } = objective;
    const beyond = direction === 'atLeast' ? [target, warning, critical] : [critical, warning, target];
    expect(beyond).toEqual(beyond.toSorted((a, b) => b - a));
    expect(new Set(beyond).size).toBe(3);
    expect(action).not.toBe('');
  }
});
