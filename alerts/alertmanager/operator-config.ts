/** Routes, inhibition rules and message templates in the Prometheus Operator's names: AlertmanagerConfig, v1alpha1. */
import { parse, stringify } from 'yaml';
import { exampleConfig } from './example.ts';

type Fields = Readonly<Record<string, unknown>>;
type Native = {
  readonly route: Fields;
  readonly inhibit_rules: readonly { source_matchers: string[]; target_matchers: string[]; equal: string[] }[];
  readonly receivers: readonly ({ readonly name: string } & Readonly<Record<string, readonly Fields[]>>)[];
};

/** What an installation sets: addresses, and secrets by reference. */
const settings = /_file$|^(url|to|from|smarthost|auth_username)$/;
const abbreviations: Readonly<Record<string, string>> = { require_tls: 'requireTLS', links: 'pagerDutyLinkConfigs' };

/**
 * @returns YAML with `route` and `inhibitRules` of the custom resource, and under `channels` the fields of each kind of receiver
 * that no installation changes
 */
export function operatorConfig(): string {
  const { route, inhibit_rules: inhibitions, receivers } = parse(exampleConfig()) as Native;
  const inhibitRules = inhibitions.map(({ source_matchers, target_matchers, equal }) => ({
    sourceMatch: source_matchers.map(matcher),
    targetMatch: target_matchers.map(matcher),
    equal,
  }));
  const channel = (receiver: string, kind: string) => {
    const config = receivers.find(({ name }) => name === receiver)?.[kind]?.[0];
    if (config === undefined) throw new Error(`the example configuration has no ${kind} for ${receiver}`);
    return Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => !settings.test(key))
        .map(([key, value]) => [operatorName(key), operatorValue(key, value)]),
    );
  };
  const channels = {
    pagerduty: channel('page', 'pagerduty_configs'),
    email: channel('page', 'email_configs'),
    slack: channel('chat', 'slack_configs'),
    webhook: channel('page', 'webhook_configs'),
    heartbeat: channel('heartbeat', 'webhook_configs'),
  };
  const config = { route: operatorRoute(route), inhibitRules, channels };
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

function operatorRoute(route: Fields): Fields {
  return Object.fromEntries(
    // The custom resource has no time zone, so maintenance windows stay in Alertmanager's own configuration.
    Object.entries(route)
      .filter(([key]) => key !== 'mute_time_intervals')
      .map(([key, value]) => {
        if (key === 'matchers') return [key, (value as string[]).map(matcher)];
        if (key === 'routes') return [key, (value as Fields[]).map(operatorRoute)];
        return [operatorName(key), value];
      }),
  );
}

/** `alertname!~"A|B"` in fields. */
function matcher(text: string): Fields {
  const [, name, matchType, value] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
  if (value === undefined) throw new Error(`a matcher that cannot be read: ${text}`);
  return { name, matchType, value };
}

function operatorName(key: string): string {
  return abbreviations[key] ?? key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function operatorValue(key: string, value: unknown): unknown {
  if (key === 'links')
    return (value as { href: string; text: string }[]).map(({ href, text }) => ({ href, alt: text }));
  if (key === 'details' || key === 'headers') {
    return Object.entries(value as Fields).map(([name, text]) => ({ key: name, value: text }));
  }
  return value;
}
