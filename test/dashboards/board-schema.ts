/** The shape of a classic board, read from the types of the installed SDK: what Grafana would not understand is told. */
import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchemaObject } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { safePalette } from '../../dashboards/house-style.ts';

/** Compiled once for a test file: reading the types takes a second or two. */
export function boardSchema(): (board: unknown) => readonly string[] {
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
  if (dataquery === undefined) throw new Error('the types of the SDK have no Dataquery any more');
  // An empty interface there: each data source has fields of its own.
  (schema.definitions ?? {})[dataquery[0]] = {
    type: 'object',
    required: ['refId', 'datasource'],
    properties: { refId: { type: 'string', pattern: '^[A-Z][A-Za-z]*$' } },
  };
  const modes = Object.entries(schema.definitions ?? {}).find(([name]) => name.endsWith('FieldColorModeId'));
  if (modes === undefined) throw new Error('the types of the SDK have no FieldColorModeId any more');
  (modes[1] as { enum: string[] }).enum.push(safePalette);
  const validate = new Ajv({ strict: false, allErrors: false }).compile(schema as AnySchemaObject);
  return (board) =>
    validate(board) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
