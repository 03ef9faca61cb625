/** PROGRAM: `node alerts/write-alertmanager.ts DIR [SECRETS_DIR]` writes Alertmanager's configuration and its secrets. */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChannelError, readChannels } from './alertmanager/channels.ts';
import { alertmanagerConfig, secretsDir } from './alertmanager/config.ts';

const [dir, foundIn = secretsDir] = process.argv.slice(2);
if (dir === undefined) {
  console.error('Name the folder to write to, and, where Alertmanager finds it elsewhere, that folder too.');
  process.exit(1);
}
try {
  const channels = readChannels(process.env);
  const { text, secrets } = alertmanagerConfig(channels, foundIn);
  for (const secret of secrets) put(secret.name, secret.text);
  // Last: whoever reads it finds the secrets.
  put('alertmanager.yml', text);
  const used = Object.keys(channels).filter((name) => name !== 'heartbeat');
  console.log(
    used.length > 0
      ? `Alerts go to ${used.join(', ')}.`
      : 'Alerts are shown by Alertmanager, and NOBODY IS TOLD: set ALERT_SLACK_URL or another of the ALERT_ variables.',
  );
} catch (error) {
  if (!(error instanceof ChannelError)) throw error;
  console.error(`${error.message}\nSee .env.example.`);
  process.exitCode = 1;
}

/** Readable by its owner only, and never half written. */
function put(name: string, text: string): void {
  const file = join(dir as string, name);
  writeFileSync(`${file}.new`, text, { mode: 0o400 });
  chmodSync(`${file}.new`, 0o400);
  renameSync(`${file}.new`, file);
}
