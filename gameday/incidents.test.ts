/** The incidents: each expects existing alerts, recovers from its faults, and is documented. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileArtifacts } from '../alerts/compile-artifacts.ts';
import { isAlert, type RuleGroup } from '../alerts/rule.ts';
import { scrapeJobs } from '../services/catalogue/other-metrics.ts';
import type { FaultAction } from './incident.ts';
import { incidentNamed, incidents } from './incidents.ts';
import { behaviour } from './model/behaviour.ts';

const alerts = compileArtifacts()
  .filter(({ path }) => path.endsWith('-rules.yml'))
  .flatMap(({ text }) => (parse(text) as { groups: RuleGroup[] }).groups)
  .flatMap(({ rules }) => rules.filter(isAlert));
const recoveries: Readonly<Partial<Record<FaultAction, FaultAction>>> = {
  'stop the database': 'start the database',
  'kill the chat server': 'start the chat server',
  'stop the Collector': 'start the Collector',
  'reject rollup rows': 'accept rollup rows',
};

test.each(incidents)('$name expects pages that the rules can raise, and recovers from its faults', (incident) => {
  const { expected, model, inject, recover } = incident;
  expect(expected.length).toBeGreaterThan(0);
  for (const { alert, severity, service } of expected) {
    expect(severity).toBe('critical');
    const rule = alerts.find((each) => each.alert === alert && each.labels.severity === severity);
    const services = rule?.labels.service.startsWith('{{') ? Object.values(scrapeJobs) : [rule?.labels.service];
    expect(services).toContain(service);
  }
  expect(behaviour.partial().safeParse(model ?? {}).success).toBe(true);
  for (const action of inject) {
    const recovery = recoveries[action];
    if (recovery !== undefined) expect(recover).toContain(recovery);
  }
  expect(model !== undefined || inject.length > 0).toBe(true);
});

test('each file has one incident of its name, and docs/gamedays.md documents it', () => {
  const files = readdirSync('gameday/incidents').map((file) => file.replace('.ts', ''));
  expect(incidents.map(({ name }) => name).sort()).toEqual(files.sort());
  const docs = readFileSync('docs/gamedays.md', 'utf8');
  for (const { name, expected } of incidents) {
    expect(incidentNamed(name)?.name).toBe(name);
    const row = docs.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    for (const { alert } of expected) expect(row).toContain(`\`${alert}\``);
  }
  expect(incidentNamed('rain')).toBeUndefined();
});
