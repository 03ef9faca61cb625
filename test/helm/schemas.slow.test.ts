/** Manifests are valid for Kubernetes and for the Prometheus Operator, fields that they do not know included. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, inject, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { pythonEnvironment } from './build.ts';
import { find, type Manifest, missing, render } from './render.ts';
import versions from './tools.json' with { type: 'json' };

const tools = inject('chartTools');
const noValidate = 'missing' in tools ? tools.missing : 'missing' in tools.validate ? tools.validate.missing : null;
const isCustom = ({ apiVersion }: Manifest) => apiVersion.startsWith('monitoring.coreos.com/');

const cases = (['minimal', 'full'] as const).flatMap((values) =>
  versions.kubernetes.map((version) => ({ values, version })),
);

test.skipIf(noValidate).each(cases)('Kubernetes $version knows every field of the $values values', (each) => {
  const manifests = render(each.values, { kubernetes: each.version }).filter((manifest) => !isCustom(manifest));
  expect(manifests.length).toBeGreaterThan(8);
  expect(validate(manifests, each.version)).toEqual({ status: 0, output: '' });
});

test.skipIf(noValidate)('a field that Kubernetes does not know is noticed', () => {
  const service = find(render('minimal'), 'Service', 'rag-rag-observatory');
  const wrong = { ...service, spec: { ...service.spec, unknown: true } };
  expect(validate([wrong], versions.kubernetes[0] ?? '')).toMatchObject({ status: 1 });
});

function validate(manifests: readonly Manifest[], version: string): { status: number | null; output: string } {
  if ('missing' in tools || 'missing' in tools.validate) throw new Error('kubernetes-validate is missing');
  const dir = mkdtempSync(join(tmpdir(), 'manifests-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const files = manifests.map((manifest) => {
    const file = join(dir, `${manifest.kind}-${manifest.metadata.name}.json`);
    writeFileSync(file, JSON.stringify(manifest));
    return file;
  });
  const args = ['-m', 'kubernetes_validate', '--quiet', '--strict', '--kubernetes-version', version, ...files];
  const options = { encoding: 'utf8', env: pythonEnvironment(tools.validate.folder) } as const;
  const { status, stdout, stderr } = spawnSync('python3', args, options);
  return { status, output: `${stdout}${stderr}` };
}

type Schema = { [key: string]: unknown };

test.skipIf(missing)('the Prometheus Operator knows every field of its custom resources', () => {
  if ('missing' in tools) return;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const definitions = tools.definitions.map((file) => parse(readFileSync(file, 'utf8')));
  const custom = render('full').filter(isCustom);
  expect(custom.map(({ kind }) => kind).sort()).toEqual([
    'AlertmanagerConfig',
    'PrometheusRule',
    'PrometheusRule',
    'ServiceMonitor',
    'ServiceMonitor',
  ]);
  for (const manifest of custom) {
    const definition = definitions.find(({ spec }) => spec.names.kind === manifest.kind);
    const version = definition?.spec.versions.find(
      ({ name }: { name: string }) => manifest.apiVersion === `monitoring.coreos.com/${name}`,
    );
    expect(ajv.validate(closed(version.schema.openAPIV3Schema), manifest), ajv.errorsText()).toBe(true);
  }
  const [rule] = custom.filter(({ kind }) => kind === 'PrometheusRule');
  const definition = definitions.find(({ spec }) => spec.names.kind === 'PrometheusRule');
  const schema = closed(definition.spec.versions[0].schema.openAPIV3Schema);
  expect(ajv.validate(schema, { ...rule, spec: { ...rule?.spec, unknown: 1 } })).toBe(false);
});

/** The API server drops fields that a definition does not name, so they are refused here. `metadata` is its own. */
function closed(schema: Schema, path = ''): Schema {
  const copy: Schema = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties') {
        const properties = Object.entries(value as Record<string, Schema>).map(([name, each]) => [
          name,
          path === '' && name === 'metadata' ? {} : closed(each, `${path}.${name}`),
        ]);
        return [key, Object.fromEntries(properties)];
      }
      // Go's way to ignore case, in places where the chart has nothing.
      if (key === 'pattern') return [key, String(value).replaceAll('(?i)', '')];
      if (key === 'items') return [key, closed(value as Schema, `${path}[]`)];
      return [key, value];
    }),
  );
  const isOpen = 'additionalProperties' in schema || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return 'properties' in schema && !isOpen ? { ...copy, additionalProperties: false } : copy;
}
