/** `cli -- slo check`: whether the objectives can be compiled. */
import { readSloFile } from '../../services/slo/slo-file/read-slo-file.ts';

/**
 * @returns what the file contains, in one sentence
 * @throws {SloFileError} each problem with its line
 */
export function checkFile(text: string, name: string): string {
  const { objectives, jobs, maintenance } = readSloFile(text, name);
  const all = Object.values(objectives);
  const alerting = all.filter(({ warning, critical }) => warning !== undefined || critical !== undefined).length;
  const overridden = all.filter(({ services }) => services !== undefined).length;
  return [
    `${name} is valid: ${count(all.length, 'objective')}, ${alerting} with alerts, ${count(Object.keys(jobs).length, 'job')}`,
    ...(overridden > 0 ? [`${overridden} with numbers for single services`] : []),
    ...(maintenance.length > 0 ? [count(maintenance.length, 'maintenance window')] : []),
  ].join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
