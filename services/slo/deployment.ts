/** Deployments in one Prometheus: the labels that distinguish them, and those that only distinguish copies of one series. */

export type Deployment = {
  /** Labels that distinguish deployments. Rules, alerts and dashboards keep them. A series without them is a deployment too. */
  readonly identity: readonly string[];
  /** Labels that a pair of Prometheus servers adds to the same series. Of such copies, the largest value counts. */
  readonly replicas: readonly string[];
};

/** The value of the label `service` of the chat server's own questions. */
export const builtInService = 'rag-chat';

export const deployment: Deployment = {
  identity: ['env', 'cluster', 'namespace'],
  replicas: ['prometheus_replica', 'replica'],
};
