/** Which incident is rehearsed, as Prometheus scrapes it: each is there at zero, so that none begins out of nowhere. */
import { gamedayMetrics } from '../../services/catalogue/gameday-metrics.ts';
import { incidents } from '../incidents.ts';

/** @param rehearsed an incident's name; null: none */
export function gamedayMetricsText(rehearsed: string | null): string {
  const { name, kind, help } = gamedayMetrics.incident;
  const series = incidents.map((each) => `${name}{incident="${each.name}"} ${each.name === rehearsed ? 1 : 0}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...series, ''].join('\n');
}
