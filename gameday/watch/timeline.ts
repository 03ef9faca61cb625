/** Keeps when each alert was first seen in which state, from what Prometheus, Alertmanager and the webhooks tell. */
import type { Told } from '../control/control-protocol.ts';
import type { AlertKey } from '../incident.ts';

/** As Prometheus lists it. */
export type ListedAlert = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  /** When its condition was first evaluated as true. */
  readonly activeAt: number;
};

/** As Alertmanager lists it. */
export type HeldAlert = {
  readonly labels: Readonly<Record<string, string>>;
  /** Inhibited by another or silenced: nobody is told of it. */
  readonly suppressed: boolean;
};

/** Milliseconds since 1970; null: not seen. */
export type Course = {
  readonly key: AlertKey;
  /** It fired before anything was injected. */
  readonly before: boolean;
  readonly conditionAt: number | null;
  readonly firingAt: number | null;
  /** When the webhook had it; where there is none of ours, when Alertmanager had it for its receivers. */
  readonly toldAt: number | null;
  /** Nobody was told, because another alert says more or somebody silenced it. */
  readonly heldBack: boolean;
  readonly resolvedAt: number | null;
  readonly resolvedToldAt: number | null;
  readonly summary: string;
};

export type Timeline = {
  /** @param alerts all that Prometheus lists at this moment */
  readonly prometheus: (at: number, alerts: readonly ListedAlert[]) => void;
  readonly alertmanager: (at: number, alerts: readonly HeldAlert[]) => void;
  /** @param all that arrived so far */
  readonly told: (all: readonly Told[]) => void;
  readonly courses: () => readonly Course[];
  readonly of: (key: AlertKey) => Course | undefined;
};

type Draft = { -readonly [Part in keyof Course]: Course[Part] };

/** Always fires. */
const watchdog = 'none';

/**
 * @param since what was told before is nobody's business here
 * @param byWebhook false: Alertmanager's list has to do for what was told
 */
export function createTimeline({ since, byWebhook }: { since: number; byWebhook: boolean }): Timeline {
  const drafts = new Map<string, Draft>();
  let looks = 0;

  function draft(labels: Readonly<Record<string, string>>): Draft | null {
    if (labels.severity === watchdog) return null;
    const key = { alert: labels.alertname ?? '', severity: labels.severity ?? '', service: labels.service ?? '' };
    const known = drafts.get(nameOf(key));
    if (known !== undefined) return known;
    const made: Draft = {
      key,
      before: false,
      conditionAt: null,
      firingAt: null,
      toldAt: null,
      heldBack: false,
      resolvedAt: null,
      resolvedToldAt: null,
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
        alert.conditionAt ??= activeAt;
        if (state !== 'firing') continue;
        listed.add(alert);
        if (looks === 0) alert.before = true;
        alert.firingAt ??= at;
        alert.resolvedAt = null;
        alert.summary = annotations.summary ?? '';
      }
      for (const alert of drafts.values()) {
        if (alert.firingAt !== null && !listed.has(alert)) alert.resolvedAt ??= at;
      }
      looks += 1;
    },
    alertmanager(at, alerts) {
      const active = new Set<Draft>();
      for (const { labels, suppressed } of alerts) {
        const alert = draft(labels);
        if (alert === null) continue;
        if (suppressed) alert.heldBack = alert.toldAt === null;
        else active.add(alert);
      }
      if (byWebhook) return;
      for (const alert of active) {
        alert.toldAt ??= at;
        alert.heldBack = false;
        alert.resolvedToldAt = null;
      }
      for (const alert of drafts.values()) {
        if (alert.toldAt !== null && !active.has(alert)) alert.resolvedToldAt ??= at;
      }
    },
    told(all) {
      for (const { at, status, labels } of all) {
        if (at < since) continue;
        const alert = draft(labels);
        if (alert === null) continue;
        if (status === 'resolved') {
          // What resolves here and fired before is told of, too; only the last word counts.
          if (alert.toldAt !== null && at >= alert.toldAt) alert.resolvedToldAt = at;
          continue;
        }
        alert.toldAt ??= at;
        alert.heldBack = false;
        if (alert.resolvedToldAt !== null && at > alert.resolvedToldAt) alert.resolvedToldAt = null;
      }
    },
    courses: () => [...drafts.values()],
    of: (key) => drafts.get(nameOf(key)),
  };
}

function nameOf({ alert, severity, service }: AlertKey): string {
  return [alert, severity, service].join(' ');
}
