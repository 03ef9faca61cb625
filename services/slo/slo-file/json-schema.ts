/** slo.schema.json, with which editors check and complete slo.yaml. */
import { z } from 'zod';
import { sloFileSchema } from './schema.ts';

export function sloJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(sloFileSchema, { io: 'input' }), null, 2)}\n`;
}
