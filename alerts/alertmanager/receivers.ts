/** Alertmanager's receivers: what a page, a line in a chat and the heartbeat are sent through, and what they say. */
import type { Channels } from './channels.ts';

export type Receiver = { readonly name: 'page' | 'chat' | 'heartbeat' } & Readonly<Record<string, unknown>>;

/** A file that a receiver reads its secret from. */
export type SecretFile = { readonly name: string; readonly text: string };

type Part = { readonly config: Readonly<Record<string, readonly unknown[]>>; readonly secrets: readonly SecretFile[] };

const each = (line: string) => `{{ range .Alerts }}${line}{{ end }}`;
const title =
  '[{{ .Status | toUpper }}{{ if eq .Status "firing" }} {{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} ({{ .CommonLabels.severity }}, {{ .CommonLabels.service }})';
const body = each(
  '{{ .Annotations.summary }}\n{{ .Annotations.action }}.\n{{ .Annotations.runbook_url }}\n{{ .Annotations.dashboard_url }}\n',
);

/**
 * @param secretsDir where Alertmanager finds the files of secrets, without a slash at the end
 * @returns three receivers; one that nobody is behind has a name only
 */
export function receivers(channels: Channels, secretsDir: string): { receivers: Receiver[]; secrets: SecretFile[] } {
  const pages = pageParts(channels, secretsDir);
  const chats = chatParts(channels, secretsDir);
  // Whoever set up only one of them is told everything there.
  const page = pages.length > 0 ? pages : chats;
  const chat = chats.length > 0 ? chats : pages;
  // Nobody is told that it works again: the next request tells.
  const heartbeat = channels.heartbeat === undefined ? [] : [webhook(channels.heartbeat, false)];
  const secrets = [...pages, ...chats].flatMap((part) => part.secrets);
  return {
    receivers: [receiver('page', page), receiver('chat', chat), receiver('heartbeat', heartbeat)],
    secrets,
  };
}

function receiver(name: Receiver['name'], parts: readonly Part[]): Receiver {
  const kinds = [...new Set(parts.flatMap(({ config }) => Object.keys(config)))];
  const configs = kinds.map((kind) => [kind, parts.flatMap(({ config }) => config[kind] ?? [])]);
  return { name, ...Object.fromEntries(configs) };
}

function pageParts({ pagerdutyKey, email, pageWebhook }: Channels, dir: string): Part[] {
  return [
    ...(pagerdutyKey === undefined ? [] : [pagerduty(pagerdutyKey, dir)]),
    ...(email === undefined ? [] : [mail(email, dir)]),
    ...(pageWebhook === undefined ? [] : [webhook(pageWebhook, true)]),
  ];
}

function chatParts({ slackUrl, chatWebhook }: Channels, dir: string): Part[] {
  return [
    ...(slackUrl === undefined ? [] : [slack(slackUrl, dir)]),
    ...(chatWebhook === undefined ? [] : [webhook(chatWebhook, true)]),
  ];
}

/** Before release 0.26 Alertmanager reads no URL of a webhook from a file, so it stands in the configuration. */
function webhook(url: string, resolved: boolean): Part {
  return { config: { webhook_configs: [{ url, send_resolved: resolved }] }, secrets: [] };
}

function pagerduty(key: string, dir: string): Part {
  const name = 'pagerduty-key';
  const config = {
    routing_key_file: `${dir}/${name}`,
    severity: '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}',
    description: `${title} {{ .CommonAnnotations.summary }}`,
    component: '{{ .CommonLabels.service }}',
    class: '{{ .CommonLabels.slo }}',
    links: [
      { href: '{{ (index .Alerts 0).Annotations.runbook_url }}', text: 'Runbook' },
      { href: '{{ (index .Alerts 0).Annotations.dashboard_url }}', text: 'Dashboard' },
    ],
    details: { alerts: body },
  };
  return { config: { pagerduty_configs: [config] }, secrets: [{ name, text: key }] };
}

function slack(url: string, dir: string): Part {
  const name = 'slack-url';
  const config = {
    api_url_file: `${dir}/${name}`,
    send_resolved: true,
    title,
    title_link: '{{ (index .Alerts 0).Annotations.dashboard_url }}',
    text: body,
  };
  return { config: { slack_configs: [config] }, secrets: [{ name, text: url }] };
}

function mail({ to, from, host, login }: NonNullable<Channels['email']>, dir: string): Part {
  const name = 'smtp-password';
  const config = {
    to,
    from,
    smarthost: host,
    require_tls: true,
    send_resolved: true,
    ...(login !== undefined && { auth_username: login.user, auth_password_file: `${dir}/${name}` }),
    headers: { Subject: title },
    text: body,
  };
  return {
    config: { email_configs: [config] },
    secrets: login === undefined ? [] : [{ name, text: login.password }],
  };
}
