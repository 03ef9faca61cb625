/** Selects the rules that a test needs, because promtool spends its time on evaluating every rule at every step. */
import { isAlert, type Rule, type RuleGroup } from '../../../alerts/rule.ts';

const selector = /([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?/g;
const matcher = /(\w+)="([^"]*)"/g;

/** @returns the named alerts, the series that the queries read, and their recording rules; groups keep their order */
export function neededRules(
  groups: readonly RuleGroup[],
  wanted: { readonly alerts: readonly string[]; readonly queries: readonly string[] },
): readonly RuleGroup[] {
  const rules = groups.flatMap((group) => group.rules);
  const needed = new Set<Rule>();
  const add = (rule: Rule): void => {
    if (needed.has(rule)) return;
    needed.add(rule);
    addRead(rule.expr);
    // Rules of other generators may have no annotations.
    if (isAlert(rule)) addRead(rule.annotations?.summary ?? '');
  };
  const addRead = (query: string): void => {
    for (const [, name = '', inside = ''] of query.matchAll(selector)) {
      const labels = [...inside.matchAll(matcher)].map(([, label = '', value = '']) => [label, value] as const);
      for (const rule of rules) if (isRead(rule, name, labels)) add(rule);
    }
  };
  for (const rule of rules) if (isAlert(rule) && wanted.alerts.includes(rule.alert)) add(rule);
  for (const query of wanted.queries) addRead(query);
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
    .filter((group) => group.rules.length > 0);
}

function isRead(rule: Rule, name: string, labels: readonly (readonly [string, string])[]): boolean {
  if (isAlert(rule)) {
    return name === 'ALERTS' && labels.every(([label, value]) => label !== 'alertname' || value === rule.alert);
  }
  return (
    rule.record === name &&
    labels.every(([label, value]) => rule.labels?.[label] === undefined || rule.labels[label] === value)
  );
}
