/** PROGRAM: `node alerts/write-alertmanager.ts DIR [SECRETS_DIR]` writes Alertmanager's configuration and secret files. */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChannelError, readChannels } from './alertmanager/channels.ts';
import { alertmanagerConfig, secretsDir } from './alertmanager/config.ts';

const [dir, secretsFolder = secretsDir] = process.argv.slice(2);
if (dir === undefined) {
  console.error(
    'Usage: node alerts/write-alertmanager.ts DIR [SECRETS_DIR]\nSECRETS_DIR: the folder as Alertmanager sees it, if it differs from DIR.',
  );
  process.exit(1);
}
try {
  const channels = readChannels(process.env);
  const { text, secrets } = alertmanagerConfig(channels, secretsFolder);
  for (const secret of secrets) put(secret.name, secret.text);
  // Last, so that all secrets exist when the configuration appears.
  put('alertmanager.yml', text);
  const used = Object.keys(channels).filter((name) => name !== 'heartbeat');
  console.log(
    used.length > 0
      ? `Alerts go to ${used.join(', ')}.`
      : 'NO NOTIFICATIONS: alerts are only shown in Alertmanager. Set ALERT_SLACK_URL or another ALERT_ variable.',
  );
} catch (error) {
  if (!(error instanceof ChannelError)) throw error;
  console.error(`${error.message}\nSee .env.example.`);
  process.exitCode = 1;
}

/** Writes atomically, readable by the owner only. */
function put(name: string, text: string): void {
  const file = join(dir as string, name);
  writeFileSync(`${file}.new`, text, { mode: 0o400 });
  chmodSync(`${file}.new`, 0o400);
  renameSync(`${file}.new`, file);
}
