/** Whether slo.yaml still has the specification's numbers, with which tests compile rules and dashboards. */
import { readFileSync } from 'node:fs';
import { readSloFile } from '../../../services/slo/slo-file/read-slo-file.ts';

const read = (file: string) => JSON.stringify(readSloFile(readFileSync(file, 'utf8'), file));

/**
 * Generated files follow slo.yaml, so with other numbers they cannot equal what tests compile. `npm run generated` compares them in
 * any case.
 */
export const otherNumbers =
  read('slo.yaml') === read('test/kit/slo/specification.yaml')
    ? null
    : 'slo.yaml has numbers of its own: run `npm run generated` to compare the generated files';

if (otherNumbers !== null) console.warn(otherNumbers);
