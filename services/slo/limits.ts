/** Operational limits of this deployment: the defaults, with the changes in slo.yaml. */
import { sloFile } from './slo-file/loaded.ts';

export const { limits, expected, spend } = sloFile;
