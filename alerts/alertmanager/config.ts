/** Alertmanager's configuration: routes, grouping and inhibition. */
import { stringify } from 'yaml';
import { deploymentLinks, type Links } from '../../services/catalogue/links.ts';
import { type Deployment, deployment as ownDeployment } from '../../services/slo/deployment.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { sloFile } from '../../services/slo/slo-file/loaded.ts';
import { scaledDurations } from '../operation/scaled-durations.ts';
import type { Channels } from './channels.ts';
import { inhibitions, watchdog } from './inhibitions.ts';
import { type Maintenance, timeIntervals } from './maintenance.ts';
import { receivers, type SecretFile } from './receivers.ts';

export const secretsDir = '/etc/alertmanager';

/**
 * @param dir folder of the secret files, as Alertmanager sees it
 * @param options.scale factor for every duration, as in the rules
 * @param options.maintenance times without notifications; the heartbeat goes on
 * @param options.deployment labels that group and inhibit alerts of one deployment only
 * @param options.links base URLs of the links in messages; an empty one is absent
 * @returns the configuration and the secret files that it refers to
 */
export function alertmanagerConfig(
  channels: Channels,
  dir: string,
  {
    scale = 1,
    deployment = ownDeployment,
    maintenance = sloFile.maintenance,
    links = deploymentLinks,
  }: { scale?: number; deployment?: Deployment; maintenance?: Maintenance; links?: Links } = {},
): { text: string; secrets: readonly SecretFile[] } {
  const { receivers: all, secrets } = receivers(channels, dir, { identity: deployment.identity, links });
  const config = {
    ...(maintenance.length > 0 && { time_intervals: timeIntervals(maintenance) }),
    route: route(
      scaledDurations(scale).duration,
      deployment.identity,
      maintenance.map(({ name }) => name),
    ),
    inhibit_rules: inhibitions(deployment.identity, objectives),
    receivers: all,
  };
  return { text: stringify(config, { lineWidth: 0, aliasDuplicateObjects: false }), secrets };
}

/** `group_interval` is also the timeout of a notification and the delay of a resolved one. */
function route(duration: (text: string) => string, identity: readonly string[], muted: readonly string[]) {
  const mute = muted.length > 0 && { mute_time_intervals: muted };
  return {
    // Alerts with an unknown severity page, to be safe.
    receiver: 'page',
    group_by: ['alertname', 'service', 'slo', ...identity],
    group_wait: duration('10s'),
    group_interval: duration('1m'),
    repeat_interval: duration('4h'),
    routes: [
      {
        receiver: 'heartbeat',
        matchers: [`alertname="${watchdog}"`],
        group_wait: '0s',
        // Repeated at the first flush after the repeat interval: once a minute.
        group_interval: duration('30s'),
        repeat_interval: duration('50s'),
      },
      { receiver: 'page', matchers: ['severity="critical"'], ...mute },
      {
        receiver: 'chat',
        matchers: ['severity="warning"'],
        group_wait: duration('30s'),
        group_interval: duration('5m'),
        repeat_interval: duration('12h'),
        ...mute,
      },
    ],
  };
}
