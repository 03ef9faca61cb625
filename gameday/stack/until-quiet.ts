/** Waits until the alerts are over that fire while a stack is being started. */
import { setTimeout as pause } from 'node:timers/promises';
import { readPrometheus } from '../watch/read-alerts.ts';

const patienceMs = 60_000;
const everyMs = 200;

/** Resolves after a minute, too, and then says what goes on firing. */
export async function untilQuiet(prometheus: string, say: (line: string) => void): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const alerts = (await readPrometheus(prometheus)).filter(({ labels }) => labels.severity !== 'none');
    if (alerts.length === 0) return;
    if (performance.now() > giveUpAt) {
      say(`These fire already: ${[...new Set(alerts.map(({ labels }) => labels.alertname))].join(', ')}`);
      return;
    }
    await pause(everyMs);
  }
}
