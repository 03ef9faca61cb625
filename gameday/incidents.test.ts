/** The incidents: each expects alerts that exist, heals what it breaks, and stands in the documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileArtifacts } from '../alerts/compile-artifacts.ts';
import { isAlert, type RuleGroup } from '../alerts/rule.ts';
import { scrapeJobs } from '../services/catalogue/other-metrics.ts';
import type { Lever } from './incident.ts';
import { incidentNamed, incidents } from './incidents.ts';
import { behaviour } from './model/behaviour.ts';

const alerts = compileArtifacts()
  .filter(({ path }) => path.endsWith('-rules.yml'))
  .flatMap(({ text }) => (parse(text) as { groups: RuleGroup[] }).groups)
  .flatMap(({ rules }) => rules.filter(isAlert));
const healers: Readonly<Partial<Record<Lever, Lever>>> = {
  'stop the database': 'start the database',
  'kill the chat server': 'start the chat server',
  'stop the Collector': 'start the Collector',
  'forbid rows of the rollup': 'allow rows of the rollup',
};

test.each(incidents)('$name expects pages that the rules can raise, and heals what it breaks', (incident) => {
  const { expected, model, inject, heal } = incident;
  expect(expected.length).toBeGreaterThan(0);
  for (const { alert, severity, service } of expected) {
    expect(severity).toBe('critical');
    const rule = alerts.find((each) => each.alert === alert && each.labels.severity === severity);
    const services = rule?.labels.service.startsWith('{{') ? Object.values(scrapeJobs) : [rule?.labels.service];
    expect(services).toContain(service);
  }
  expect(behaviour.partial().safeParse(model ?? {}).success).toBe(true);
  for (const lever of inject) {
    const healer = healers[lever];
    if (healer !== undefined) expect(heal).toContain(healer);
  }
  expect(model !== undefined || inject.length > 0).toBe(true);
});

test('there is one incident a file, found by its name, and docs/gamedays.md tells of each', () => {
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
