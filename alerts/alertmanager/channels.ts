/** Notification channels for alerts, read from environment variables. */

/** An absent channel is not used. URLs and keys are secrets. */
export type Channels = {
  readonly pagerdutyKey?: string;
  readonly pageWebhook?: string;
  readonly email?: {
    readonly to: string;
    readonly from: string;
    /** Host and port. */
    readonly host: string;
    /** Absent: no authentication. */
    readonly login?: { readonly user: string; readonly password: string };
  };
  readonly slackUrl?: string;
  readonly chatWebhook?: string;
  /** Called every minute while alerting works. */
  readonly heartbeat?: string;
};

/** The message lists one invalid variable per line. */
export class ChannelError extends Error {}

/**
 * @param env variables by name; an empty value counts as absent
 * @throws {ChannelError}
 */
export function readChannels(env: Readonly<Record<string, string | undefined>>): Channels {
  const wrong: string[] = [];
  const read = (name: string) => env[name]?.trim() || undefined;
  const url = (name: string) => {
    const value = read(name);
    // The message omits the value because it is a secret.
    if (value !== undefined && !/^https?:\/\/[^\s/]+/.test(value)) wrong.push(`${name}: must be an http or https URL`);
    return value;
  };
  const email = readEmail(read, wrong);
  const channels = {
    pagerdutyKey: read('ALERT_PAGERDUTY_KEY'),
    pageWebhook: url('ALERT_PAGE_WEBHOOK_URL'),
    email,
    slackUrl: url('ALERT_SLACK_URL'),
    chatWebhook: url('ALERT_CHAT_WEBHOOK_URL'),
    heartbeat: url('ALERT_HEARTBEAT_URL'),
  };
  if (wrong.length > 0) throw new ChannelError(wrong.join('\n'));
  return present(channels);
}

function readEmail(read: (name: string) => string | undefined, wrong: string[]): Channels['email'] {
  const [to, from, host, user, password] = [
    'ALERT_EMAIL_TO',
    'ALERT_EMAIL_FROM',
    'ALERT_SMTP_HOST',
    'ALERT_SMTP_USER',
    'ALERT_SMTP_PASSWORD',
  ].map(read);
  if ([to, from, host, user, password].every((value) => value === undefined)) return undefined;
  if (to === undefined) wrong.push('ALERT_EMAIL_TO: required to send mail');
  if (from === undefined) wrong.push('ALERT_EMAIL_FROM: required to send mail');
  if (host === undefined || !/^\S+:\d{1,5}$/.test(host)) {
    wrong.push('ALERT_SMTP_HOST: required to send mail, as host:port');
  }
  if ((user === undefined) !== (password === undefined)) {
    wrong.push('ALERT_SMTP_USER, ALERT_SMTP_PASSWORD: set both or neither');
  }
  if (to === undefined || from === undefined || host === undefined) return undefined;
  return { to, from, host, ...(user !== undefined && password !== undefined && { login: { user, password } }) };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(all: T): Present<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Present<T>;
}
