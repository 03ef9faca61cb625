/** PROGRAM: `npm run generate` writes the generated files and prints which of them changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { compileArtifacts } from '../alerts/compile-artifacts.ts';
import { placeOutput } from '../alerts/place-output.ts';
import { defaultContext } from '../dashboards/context.ts';
import { dashboardFiles } from '../dashboards/outputs.ts';
import { chartFiles } from '../deploy/helm/chart-files.ts';
import { deploymentLinks } from '../services/catalogue/links.ts';
import { sloJsonSchema } from '../services/slo/slo-file/json-schema.ts';

const { values } = parseArgs({ options: { runbooks: { type: 'string' }, grafana: { type: 'string' } } });
const { runbooks = deploymentLinks.runbooks, grafana = deploymentLinks.grafana } = values;
const links = { runbooks: withoutSlash(runbooks), grafana: withoutSlash(grafana) };

const schema = { path: 'slo.schema.json', text: sloJsonSchema() };

for (const output of [
  schema,
  ...compileArtifacts({ links }),
  ...dashboardFiles(defaultContext(links)),
  ...chartFiles(),
]) {
  const { path } = output;
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  const text = placeOutput(output, before);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`${before === null ? 'new      ' : before === text ? 'unchanged' : 'changed  '} ${path}`);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
