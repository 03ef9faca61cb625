/** Alertmanager's receivers for pages, chat messages and the heartbeat, and their message templates. */
import type { Links } from '../../services/catalogue/links.ts';
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

/**
 * The dashboard from an hour before the alert until its end, with the variables of its deployment, service and instance. Times in
 * nanoseconds. Nothing where slo.yaml has no link.
 */
function dashboardOf(identity: readonly string[]): string {
  const variables = ['service', 'instance', ...identity]
    .map((label) => `{{ with .Labels.${label} }}&var-${label}={{ . | urlquery }}{{ end }}`)
    .join('');
  const to = '{{ if eq .Status "resolved" }}{{ (.EndsAt.Add 600000000000).UnixMilli }}{{ else }}now{{ end }}';
  return `{{ if .Annotations.dashboard_url }}{{ .Annotations.dashboard_url }}?from={{ (.StartsAt.Add -3600000000000).UnixMilli }}&to=${to}${variables}{{ end }}`;
}

function bodyOf(identity: readonly string[]): string {
  const time = (name: 'StartsAt' | 'EndsAt') => `{{ .${name}.Format "2006-01-02 15:04 MST" }}`;
  const since = `Since ${time('StartsAt')}{{ if eq .Status "resolved" }}, resolved at ${time('EndsAt')}{{ end }}.`;
  const link = (name: string, url: string) => `{{ if .Annotations.${name} }}${url}\n{{ end }}`;
  return each(
    `{{ .Annotations.summary }}\n${since}\n{{ with .Annotations.action }}{{ . }}.\n{{ end }}${link('runbook_url', '{{ .Annotations.runbook_url }}')}${link('dashboard_url', dashboardOf(identity))}\n`,
  );
}

/** The sentence of an alert that still fires, and how many others the group has. */
const summary = [
  '{{ if .Alerts.Firing }}{{ with .Alerts.Firing }}{{ (index . 0).Annotations.summary }}{{ end }}',
  '{{ else }}{{ (index .Alerts 0).Annotations.summary }}{{ end }}',
  '{{ if gt (len .Alerts) 1 }} (and {{ len (slice .Alerts 1) }} more){{ end }}',
].join('');

type Texts = {
  readonly title: string;
  readonly body: string;
  readonly dashboard: string;
  /** PagerDuty rejects links without an address. */
  readonly hasLinks: Readonly<Record<keyof Links, boolean>>;
};

/**
 * @param secretsDir folder of the secret files, as Alertmanager sees it, without a slash at the end
 * @param options.identity labels that distinguish deployments
 * @param options.links base URLs; an empty one is absent
 * @returns three receivers; one without a channel has only a name
 */
export function receivers(
  channels: Channels,
  secretsDir: string,
  { identity, links }: { readonly identity: readonly string[]; readonly links: Links },
): { receivers: Receiver[]; secrets: SecretFile[] } {
  const texts: Texts = {
    title: `${titleOf(identity)} ${summary}`,
    body: bodyOf(identity),
    dashboard: `{{ with index .Alerts 0 }}${dashboardOf(identity)}{{ end }}`,
    hasLinks: { runbooks: links.runbooks !== '', grafana: links.grafana !== '' },
  };
  const pages = pageParts(channels, secretsDir, texts);
  const chats = chatParts(channels, secretsDir, texts);
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

function pageParts({ pagerdutyKey, email, pageWebhook }: Channels, dir: string, texts: Texts): Part[] {
  return [
    ...(pagerdutyKey === undefined ? [] : [pagerduty(pagerdutyKey, dir, texts)]),
    ...(email === undefined ? [] : [mail(email, dir, texts)]),
    ...(pageWebhook === undefined ? [] : [webhook(pageWebhook, true)]),
  ];
}

function chatParts({ slackUrl, chatWebhook }: Channels, dir: string, texts: Texts): Part[] {
  return [
    ...(slackUrl === undefined ? [] : [slack(slackUrl, dir, texts)]),
    ...(chatWebhook === undefined ? [] : [webhook(chatWebhook, true)]),
  ];
}

/** Alertmanager before 0.26 cannot read a webhook URL from a file, so the configuration contains it. */
function webhook(url: string, resolved: boolean): Part {
  return { config: { webhook_configs: [{ url, send_resolved: resolved }] }, secrets: [] };
}

function pagerduty(key: string, dir: string, { title, body, dashboard, hasLinks }: Texts): Part {
  const name = 'pagerduty-key';
  const config = {
    routing_key_file: `${dir}/${name}`,
    severity: '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}',
    description: title,
    component: '{{ .CommonLabels.service }}',
    class: '{{ .CommonLabels.slo }}',
    links: [
      ...(hasLinks.runbooks ? [{ href: '{{ (index .Alerts 0).Annotations.runbook_url }}', text: 'Runbook' }] : []),
      ...(hasLinks.grafana ? [{ href: dashboard, text: 'Dashboard' }] : []),
    ],
    details: { alerts: body },
  };
  return { config: { pagerduty_configs: [config] }, secrets: [{ name, text: key }] };
}

function slack(url: string, dir: string, { title, body, dashboard }: Texts): Part {
  const name = 'slack-url';
  const config = {
    api_url_file: `${dir}/${name}`,
    send_resolved: true,
    title,
    title_link: dashboard,
    text: body,
  };
  return { config: { slack_configs: [config] }, secrets: [{ name, text: url }] };
}

function mail({ to, from, host, login }: NonNullable<Channels['email']>, dir: string, { title, body }: Texts): Part {
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
