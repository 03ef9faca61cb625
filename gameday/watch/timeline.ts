/** Records when each alert entered each state, from the reports of Prometheus, Alertmanager and the webhooks. */
import type { ReceivedAlert } from '../control/control-protocol.ts';
import type { AlertKey } from '../incident.ts';

/** As Prometheus lists it. */
export type ListedAlert = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  /** When its condition was first true. */
  readonly activeAt: number;
};

/** As Alertmanager lists it. */
export type HeldAlert = {
  readonly labels: Readonly<Record<string, string>>;
  /** Inhibited by another alert, or silenced: no receiver is notified. */
  readonly suppressed: boolean;
};

/** Milliseconds since 1970; null: not seen. */
export type AlertHistory = {
  readonly key: AlertKey;
  /** It fired before the injection. */
  readonly firingBefore: boolean;
  readonly activeAt: number | null;
  readonly firingAt: number | null;
  /** When the webhook received it; without a webhook of ours, when Alertmanager listed it as active. */
  readonly notifiedAt: number | null;
  /** No receiver was notified: the alert was inhibited by another or silenced. */
  readonly suppressed: boolean;
  readonly resolvedAt: number | null;
  readonly resolutionNotifiedAt: number | null;
  readonly summary: string;
};

export type Timeline = {
  /** @param alerts all that Prometheus lists at this moment */
  readonly prometheus: (at: number, alerts: readonly ListedAlert[]) => void;
  readonly alertmanager: (at: number, alerts: readonly HeldAlert[]) => void;
  /** @param all that the webhooks received so far */
  readonly webhook: (all: readonly ReceivedAlert[]) => void;
  readonly histories: () => readonly AlertHistory[];
  readonly of: (key: AlertKey) => AlertHistory | undefined;
};

type Draft = { -readonly [Part in keyof AlertHistory]: AlertHistory[Part] };

/** The severity of the alert that always fires. */
const watchdog = 'none';

/**
 * @param since earlier notifications are ignored
 * @param byWebhook false: an alert counts as notified when Alertmanager lists it as active
 */
export function createTimeline({ since, byWebhook }: { since: number; byWebhook: boolean }): Timeline {
  const drafts = new Map<string, Draft>();
  let polls = 0;

  function draft(labels: Readonly<Record<string, string>>): Draft | null {
    if (labels.severity === watchdog) return null;
    const key = { alert: labels.alertname ?? '', severity: labels.severity ?? '', service: labels.service ?? '' };
    const known = drafts.get(nameOf(key));
    if (known !== undefined) return known;
    const made: Draft = {
      key,
      firingBefore: false,
      activeAt: null,
      firingAt: null,
      notifiedAt: null,
      suppressed: false,
      resolvedAt: null,
      resolutionNotifiedAt: null,
      summary: '',
    };
    drafts.set(nameOf(key), made);
    return made;
  }

  return {
    prometheus(at, alerts) {
      const listed = new Set<Draft>();
      for (const { labels, annotations, state, activeAt } of alerts) {
        const alert = draft(labels);
        if (alert === null) continue;
        alert.activeAt ??= activeAt;
        if (state !== 'firing') continue;
        listed.add(alert);
        if (polls === 0) alert.firingBefore = true;
        alert.firingAt ??= at;
        alert.resolvedAt = null;
        alert.summary = annotations.summary ?? '';
      }
      for (const alert of drafts.values()) {
        if (alert.firingAt !== null && !listed.has(alert)) alert.resolvedAt ??= at;
      }
      polls += 1;
    },
    alertmanager(at, alerts) {
      const active = new Set<Draft>();
      for (const { labels, suppressed } of alerts) {
        const alert = draft(labels);
        if (alert === null) continue;
        if (suppressed) alert.suppressed = alert.notifiedAt === null;
        else active.add(alert);
      }
      if (byWebhook) return;
      for (const alert of active) {
        alert.notifiedAt ??= at;
        alert.suppressed = false;
        alert.resolutionNotifiedAt = null;
      }
      for (const alert of drafts.values()) {
        if (alert.notifiedAt !== null && !active.has(alert)) alert.resolutionNotifiedAt ??= at;
      }
    },
    webhook(all) {
      for (const { at, status, labels } of all) {
        if (at < since) continue;
        const alert = draft(labels);
        if (alert === null) continue;
        if (status === 'resolved') {
          // Alerts that fired before may resolve here, too. Only the last notification counts.
          if (alert.notifiedAt !== null && at >= alert.notifiedAt) alert.resolutionNotifiedAt = at;
          continue;
        }
        alert.notifiedAt ??= at;
        alert.suppressed = false;
        if (alert.resolutionNotifiedAt !== null && at > alert.resolutionNotifiedAt) alert.resolutionNotifiedAt = null;
      }
    },
    histories: () => [...drafts.values()],
    of: (key) => drafts.get(nameOf(key)),
  };
}

function nameOf({ alert, severity, service }: AlertKey): string {
  return [alert, severity, service].join(' ');
}
