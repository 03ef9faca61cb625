/** Turns one entry of slo.yaml into an objective: units, defaults, and settings that do not fit the indicator. */
import { indicatorNames } from '../indicator-names.ts';
import type { JobObjective, Objective, ServiceNumbers } from '../objective.ts';
import type { ObjectiveEntry, SloProblem } from './schema.ts';

/** For entries without one. Latencies vary by half their size, prices of answers by their mean, scores by a third. */
const defaultSpread = { quantile: 0.5, jpy: 1, score: 0.3 } as const;

type Read = { readonly objective: Objective | JobObjective | null; readonly problems: readonly SloProblem[] };

export function readObjective(name: string, entry: ObjectiveEntry): Read {
  const { kind, unit, direction } = indicatorNames[entry.indicator];
  const problems: SloProblem[] = [];
  const report = (message: string, ...path: readonly string[]) => {
    problems.push({ path: ['objectives', name, ...path], message: `${name}: ${message}` });
  };
  const number = (field: string, value: number | string | undefined, ...path: readonly string[]) => {
    const read = value === undefined ? undefined : inUnit(value, unit);
    if (read === null) report(`${field} is ${value}, which is not ${unitText[unit]}`, ...path, field);
    return read ?? undefined;
  };
  const title = entry.title ?? titleFrom(name);
  const texts = {
    name,
    indicator: entry.indicator,
    title,
    ...(entry.titleJa !== undefined && { titleJa: entry.titleJa }),
  };
  const refuse = (fields: readonly (keyof ObjectiveEntry)[], reason: string) => {
    for (const field of fields) if (entry[field] !== undefined) report(`${field} ${reason}: remove it`, field);
  };

  if (kind === 'job') {
    refuse(
      ['target', 'quantile', 'spread', 'budgetAlert', 'direction', 'services', 'night'],
      'does not apply to a job',
    );
    const [warning, critical] = [number('warning', entry.warning) ?? 1, number('critical', entry.critical) ?? 2];
    if (entry.action === undefined) report('alerts need an action: say what to do first', 'action');
    const { everyHours = 24, graceHours = 2, action = '' } = entry;
    return { objective: { kind, ...texts, everyHours, graceHours, warning, critical, action }, problems };
  }

  refuse(['everyHours', 'graceHours'], 'applies to jobs only');
  if (kind !== 'quantile') refuse(['quantile'], `applies to latencies only, and ${entry.indicator} is a ${kind}`);
  if (kind === 'mean') refuse(['budgetAlert'], 'does not apply to a mean, which has no error budget');
  if (kind === 'ratio') refuse(['spread'], 'does not apply to a share, whose variation is known');
  const side = entry.direction ?? direction;
  if (kind === 'ratio' && (side === 'atLeast') !== (direction === 'atLeast')) {
    report(
      `direction is ${side}, but ${entry.indicator} counts ${direction === 'atLeast' ? 'good' : 'bad'} events: use ${direction}`,
      'direction',
    );
  }
  const target = number('target', entry.target);
  if (entry.target === undefined) report('a target is required', 'target');
  const { quantile } = entry;
  if (kind === 'quantile' && quantile === undefined) report('a quantile is required: 0.95 for P95', 'quantile');
  if (target === undefined || (kind === 'quantile' && quantile === undefined)) return { objective: null, problems };

  const services = Object.entries(entry.services ?? {}).map(([service, given]) => {
    const own = {
      target: number('target', given.target, 'services', service),
      warning: number('warning', given.warning, 'services', service),
      critical: number('critical', given.critical, 'services', service),
      spread: given.spread,
      action: given.action,
    };
    return [service, present(own) as ServiceNumbers] as const;
  });
  const night = present({
    warning: number('warning', entry.night?.warning, 'night'),
    critical: number('critical', entry.night?.critical, 'night'),
  });
  const common = {
    ...texts,
    direction: side,
    target,
    ...present({
      warning: number('warning', entry.warning),
      critical: number('critical', entry.critical),
      action: entry.action,
      actionJa: entry.actionJa,
    }),
    ...(Object.keys(night).length > 0 && { night }),
    ...(services.length > 0 && { services: Object.fromEntries(services) }),
  };
  const budgetAlert = entry.budgetAlert === true && { budgetAlert: true as const };
  switch (kind) {
    case 'ratio':
      return { objective: { kind, unit, ...common, ...budgetAlert }, problems };
    case 'quantile': {
      const spread = entry.spread ?? defaultSpread.quantile;
      return {
        objective: { kind, unit, quantile: quantile ?? Number.NaN, spread, ...common, ...budgetAlert },
        problems,
      };
    }
    case 'mean':
      return { objective: { kind, unit, spread: entry.spread ?? defaultSpread[unit], ...common }, problems };
  }
}

const unitText = {
  ratio: 'a share: write 0.7 or 70%',
  seconds: 'a duration: write 3, 3s or 1500ms',
  jpy: 'an amount in yen: write 3 or ¥3',
  score: 'a score: write a number from 0 to 1',
  runs: 'a number of runs: write 1',
} as const;

/** Null: a value in another unit. */
function inUnit(value: number | string, unit: keyof typeof unitText): number | null {
  if (typeof value === 'number') return value;
  const [, yen, digits = '', suffix] = /^(¥?)(\d+(?:\.\d+)?)\s*(%|ms|s)?$/.exec(value) ?? [];
  const read = Number(digits);
  if (yen === '¥') return unit === 'jpy' && suffix === undefined ? read : null;
  if (suffix === undefined) return read;
  if (suffix === '%') return unit === 'ratio' || unit === 'score' ? Number((read / 100).toPrecision(12)) : null;
  return unit === 'seconds' ? (suffix === 'ms' ? read / 1_000 : read) : null;
}

function titleFrom(name: string): string {
  const words = name.replace(/_/g, ' ').replace(/\bp(\d+)\b/g, 'P$1');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(all: T): Present<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Present<T>;
}
