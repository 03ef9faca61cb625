/** Alertmanager's configuration: which alert goes where, which is held back, and how they are put together. */
import { stringify } from 'yaml';
import { scaledDurations } from '../operation/scaled-durations.ts';
import type { Channels } from './channels.ts';
import { receivers, type SecretFile } from './receivers.ts';

export const secretsDir = '/etc/alertmanager';

/** The alerts that routes name. */
export const watchdog = 'RagWatchdog';
export const targetDown = 'RagTargetDown';
/** What is told of a part from elsewhere, so that the part's own metrics being away says nothing about it. */
const seenFromElsewhere = ['RagDatabaseDown'];

/**
 * @param dir where Alertmanager finds the files of secrets
 * @param scale what every wait is multiplied by, as the compiler's scale is for the rules
 * @returns the file, and the files of secrets that it names
 */
export function alertmanagerConfig(
  channels: Channels,
  dir: string,
  scale = 1,
): { text: string; secrets: readonly SecretFile[] } {
  const { receivers: all, secrets } = receivers(channels, dir);
  const config = { route: route(scaledDurations(scale).duration), inhibit_rules: inhibitions, receivers: all };
  return { text: stringify(config, { lineWidth: 0, aliasDuplicateObjects: false }), secrets };
}

/** `group_interval` is also the longest that a notification may take, and how late a resolved one comes. */
function route(span: (text: string) => string) {
  return {
    // A severity that nobody foresaw is better told too loudly.
    receiver: 'page',
    group_by: ['alertname', 'service', 'slo'],
    group_wait: span('10s'),
    group_interval: span('1m'),
    repeat_interval: span('4h'),
    routes: [
      {
        receiver: 'heartbeat',
        matchers: [`alertname="${watchdog}"`],
        group_wait: '0s',
        // Told again at the first look after the repeat interval: once a minute.
        group_interval: span('30s'),
        repeat_interval: span('50s'),
      },
      { receiver: 'page', matchers: ['severity="critical"'] },
      {
        receiver: 'chat',
        matchers: ['severity="warning"'],
        group_wait: span('30s'),
        group_interval: span('5m'),
        repeat_interval: span('12h'),
      },
    ],
  };
}

/** Labels that both sides lack count as equal, and would mute everything: every alert of ours has both. */
const inhibitions = [
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: ['service', 'slo'],
  },
  {
    source_matchers: [`alertname="${targetDown}"`, 'severity="critical"'],
    target_matchers: [`alertname!~"${[targetDown, watchdog, ...seenFromElsewhere].join('|')}"`],
    equal: ['service'],
  },
];
