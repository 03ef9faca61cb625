/** Example configuration with every channel: alerts/generated/alertmanager-example.yml. */
import { readChannels } from './channels.ts';
import { alertmanagerConfig, secretsDir } from './config.ts';

/** Environment variables for one of each channel. */
export const exampleEnvironment = {
  ALERT_PAGERDUTY_KEY: 'example-key',
  ALERT_PAGE_WEBHOOK_URL: 'https://pages.example.com/hook',
  ALERT_EMAIL_TO: 'on-call@example.com',
  ALERT_EMAIL_FROM: 'alerts@example.com',
  ALERT_SMTP_HOST: 'smtp.example.com:587',
  ALERT_SMTP_USER: 'alerts',
  ALERT_SMTP_PASSWORD: 'example-password',
  ALERT_SLACK_URL: 'https://chat.example.com/slack',
  ALERT_CHAT_WEBHOOK_URL: 'https://chat.example.com/hook',
  ALERT_HEARTBEAT_URL: 'https://heartbeat.example.com/ping',
} as const;

export function exampleConfig(): string {
  return alertmanagerConfig(readChannels(exampleEnvironment), secretsDir).text;
}
