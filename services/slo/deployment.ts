/** Deployments in one Prometheus: the labels that distinguish them, and those that only distinguish copies of one series. */
import { sloFile } from './slo-file/loaded.ts';

export type Deployment = {
  /** Labels that distinguish deployments. Rules, alerts and dashboards keep them. A series without them is a deployment too. */
  readonly identity: readonly string[];
  /** Labels that a pair of Prometheus servers adds to the same series. Of such copies, the largest value counts. */
  readonly replicas: readonly string[];
};

/** The value of the label `service` of the chat server's own questions. */
export const builtInService = 'rag-chat';

export const deployment: Deployment = { identity: sloFile.identity, replicas: sloFile.replicas };

/** Minutes of the day in UTC. slo.yaml has times in Asia/Tokyo, which is nine hours ahead all year. */
export const night = { from: inUtc(sloFile.night.from), to: inUtc(sloFile.night.to) };

function inUtc(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes + (24 - 9) * 60) % 1_440;
}
