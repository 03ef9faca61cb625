/** Waits until the alerts that fire during the start of a stack have resolved. */
import { setTimeout as pause } from 'node:timers/promises';
import { readPrometheus } from '../watch/read-alerts.ts';

const timeoutMs = 60_000;
const everyMs = 200;

/** Resolves after a minute at the latest, and then logs the alerts that still fire. */
export async function waitUntilQuiet(prometheus: string, log: (line: string) => void): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const alerts = (await readPrometheus(prometheus)).filter(({ labels }) => labels.severity !== 'none');
    if (alerts.length === 0) return;
    if (performance.now() > deadline) {
      log(`Already firing: ${[...new Set(alerts.map(({ labels }) => labels.alertname))].join(', ')}`);
      return;
    }
    await pause(everyMs);
  }
}
