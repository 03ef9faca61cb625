/** Alertmanager's receivers for pages, chat messages and the heartbeat, and their message templates. */
import type { Channels } from './channels.ts';

export type Receiver = { readonly name: 'page' | 'chat' | 'heartbeat' } & Readonly<Record<string, unknown>>;

/** A file from which a receiver reads its secret. */
export type SecretFile = { readonly name: string; readonly text: string };

type Part = { readonly config: Readonly<Record<string, readonly unknown[]>>; readonly secrets: readonly SecretFile[] };

const each = (line: string) => `{{ range .Alerts }}${line}{{ end }}`;
/** Names the deployment where its alerts have identity labels. */
function titleOf(identity: readonly string[]): string {
  const where = identity.map((label) => `{{ with .CommonLabels.${label} }}, ${label} {{ . }}{{ end }}`).join('');
  return `[{{ .Status | toUpper }}{{ if eq .Status "firing" }} {{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} ({{ .CommonLabels.severity }}, {{ .CommonLabels.service }}${where})`;
}

const body = each(
  '{{ .Annotations.summary }}\n{{ .Annotations.action }}.\n{{ .Annotations.runbook_url }}\n{{ .Annotations.dashboard_url }}\n',
);

/**
 * @param secretsDir folder of the secret files, as Alertmanager sees it, without a slash at the end
 * @param identity labels that distinguish deployments
 * @returns three receivers; one without a channel has only a name
 */
export function receivers(
  channels: Channels,
  secretsDir: string,
  identity: readonly string[],
): { receivers: Receiver[]; secrets: SecretFile[] } {
  const title = titleOf(identity);
  const pages = pageParts(channels, secretsDir, title);
  const chats = chatParts(channels, secretsDir, title);
  // If only one kind is configured, it receives everything.
  const page = pages.length > 0 ? pages : chats;
  const chat = chats.length > 0 ? chats : pages;
  // The heartbeat sends no resolved message: the next request is the recovery.
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

function pageParts({ pagerdutyKey, email, pageWebhook }: Channels, dir: string, title: string): Part[] {
  return [
    ...(pagerdutyKey === undefined ? [] : [pagerduty(pagerdutyKey, dir, title)]),
    ...(email === undefined ? [] : [mail(email, dir, title)]),
    ...(pageWebhook === undefined ? [] : [webhook(pageWebhook, true)]),
  ];
}

function chatParts({ slackUrl, chatWebhook }: Channels, dir: string, title: string): Part[] {
  return [
    ...(slackUrl === undefined ? [] : [slack(slackUrl, dir, title)]),
    ...(chatWebhook === undefined ? [] : [webhook(chatWebhook, true)]),
  ];
}

/** Alertmanager before 0.26 cannot read a webhook URL from a file, so the configuration contains it. */
function webhook(url: string, resolved: boolean): Part {
  return { config: { webhook_configs: [{ url, send_resolved: resolved }] }, secrets: [] };
}

function pagerduty(key: string, dir: string, title: string): Part {
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

function slack(url: string, dir: string, title: string): Part {
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

function mail({ to, from, host, login }: NonNullable<Channels['email']>, dir: string, title: string): Part {
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
