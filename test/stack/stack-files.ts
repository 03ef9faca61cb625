/** The files of the stack, with anchors and variables resolved. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type Service = {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly stop_grace_period?: string;
  readonly deploy: {
    readonly replicas?: number;
    readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string; readonly pids: number } };
  };
};

export const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

export const composeText = read('docker-compose.yml');
export const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
};
export const services = Object.entries(compose.services);

/** Names and values of .env.example. */
export const exampleVariables: Readonly<Record<string, string>> = Object.fromEntries(
  [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);

export type Use = { readonly name: string; readonly operator: ':-' | ':?' | ''; readonly rest: string };

/** Every `${NAME}`, `${NAME:-default}` and `${NAME:?message}` of a text. */
export function variablesIn(text: string): Use[] {
  return [...text.matchAll(/\$\{([A-Z][A-Z0-9_]*)(?:(:-|:\?)([^}]*))?\}/g)].map(
    ([, name = '', operator = '', rest = '']) => ({ name, operator: operator as Use['operator'], rest }),
  );
}

/** @throws {Error} for a required variable that is not set */
function substitute(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([A-Z][A-Z0-9_]*)(?:(:-|:\?)([^}]*))?\}/g, (_all, name, operator, rest = '') => {
    const value = values[name] ?? '';
    if (value === '' && operator === ':?') throw new Error(`${name} is not set`);
    return value === '' && operator === ':-' ? rest : value;
  });
}

/** .env.example with made-up secrets. */
export const trialVariables: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(exampleVariables).map(([name, value]) => [
    name,
    value === '' && /^(DB_|GRAFANA_)/.test(name) ? `${name.toLowerCase()}7` : value,
  ]),
);

/** The environment variables of a service's container. */
export function environmentOf(service: string, values = trialVariables): Record<string, string> {
  const variables = compose.services[service]?.environment ?? {};
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, substitute(String(value), values)]),
  );
}
