/** Reads the external label by which the Prometheus of a game-day stack identifies itself. */

import { parse } from 'yaml';
import { z } from 'zod';

/** Alertmanager receives it with each alert, so that every page of a game day shows it. */
export const gamedayLabel = 'gameday';

const status = z.object({ data: z.object({ yaml: z.string() }) });

/**
 * @returns the label's value; null: the stack was not started for game days
 * @throws {Error} where no Prometheus replies
 */
export async function readGamedayLabel(prometheus: string): Promise<string | null> {
  const response = await fetch(`${prometheus}/api/v1/status/config`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${prometheus} returned ${response.status} for its configuration`);
  const { yaml } = status.parse(await response.json()).data;
  const label = parse(yaml)?.global?.external_labels?.[gamedayLabel];
  return label === undefined ? null : String(label);
}
