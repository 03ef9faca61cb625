/** A JSON schema of classic dashboards, generated from the types of the installed SDK. */
import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchemaObject } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { safePalette } from '../../dashboards/theme.ts';

/** Compile it once per test file: reading the types takes one or two seconds. */
export function dashboardSchema(): (dashboard: unknown) => readonly string[] {
  const types = fileURLToPath(import.meta.resolve('@grafana/grafana-foundation-sdk/dashboard')).replace(
    /index\.js$/,
    'types.gen.d.ts',
  );
  const schema = createGenerator({
    path: types,
    type: 'Dashboard',
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('Dashboard');
  const dataquery = Object.entries(schema.definitions ?? {}).find(([name]) => name.endsWith('Dataquery'));
  if (dataquery === undefined) throw new Error('the SDK types have no Dataquery');
  // The interface is empty, because each data source has its own fields.
  (schema.definitions ?? {})[dataquery[0]] = {
    type: 'object',
    required: ['refId', 'datasource'],
    properties: { refId: { type: 'string', pattern: '^[A-Z][A-Za-z]*$' } },
  };
  const modes = Object.entries(schema.definitions ?? {}).find(([name]) => name.endsWith('FieldColorModeId'));
  if (modes === undefined) throw new Error('the SDK types have no FieldColorModeId');
  (modes[1] as { enum: string[] }).enum.push(safePalette);
  const validate = new Ajv({ strict: false, allErrors: false }).compile(schema as AnySchemaObject);
  return (dashboard) =>
    validate(dashboard) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
