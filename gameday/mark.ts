/** Tells whether a stack was started for game days: its Prometheus says so, in the configuration that it runs with. */

import { parse } from 'yaml';
import { z } from 'zod';

/** The external label that marks a stack; Alertmanager finds it on each alert, so a page of a game day shows it too. */
export const markLabel = 'gameday';

const status = z.object({ data: z.object({ yaml: z.string() }) });

/**
 * @returns the label's value; null: that Prometheus watches a stack that nobody marked
 * @throws {Error} where no Prometheus answers
 */
export async function readMark(prometheus: string): Promise<string | null> {
  const response = await fetch(`${prometheus}/api/v1/status/config`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${prometheus} answers ${response.status} when it is asked for its configuration`);
  const { yaml } = status.parse(await response.json()).data;
  const mark = parse(yaml)?.global?.external_labels?.[markLabel];
  return mark === undefined ? null : String(mark);
}
