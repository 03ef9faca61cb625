/** Renders the chart as a user does, with `helm template`. */
import { spawnSync } from 'node:child_process';
import { inject } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { chartFolder } from '../../deploy/helm/chart-files.ts';
import versions from './tools.json' with { type: 'json' };

const tools = inject('chartTools');

/** Null: Helm is there. Otherwise what to install. */
export const missing: string | null = 'missing' in tools ? tools.missing : null;

export type Container = {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env: readonly {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef: { name: string; key: string } };
  }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { name: string; mountPath: string; readOnly?: boolean }[];
  readonly [field: string]: unknown;
};

export type PodTemplate = {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes: readonly { name: string; emptyDir?: unknown }[];
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly terminationGracePeriodSeconds?: number;
    readonly [field: string]: unknown;
  };
};

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of every kind are read
  readonly spec: any;
  readonly data?: Readonly<Record<string, string>>;
};

export function helm(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  if ('missing' in tools) throw new Error(tools.missing);
  const { status, stdout, stderr } = spawnSync(tools.helm, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { status, stdout, stderr };
}

const valuesFile = (name: 'minimal' | 'full') => `${chartFolder}/ci/${name}-values.yaml`;

type Options = {
  readonly release?: string;
  readonly set?: readonly string[];
  readonly upgrade?: boolean;
  readonly kubernetes?: string;
};

/** @returns the text of all manifests, hooks included, as `helm` prints it; on failure its message */
export function template(
  values: 'minimal' | 'full',
  { release = 'rag', set = [], upgrade = false, kubernetes = versions.kubernetes[0] ?? '' }: Options = {},
) {
  const sets = set.flatMap((each) => ['--set', each]);
  // A Helm that was not built by its own Makefile takes an old Kubernetes for granted.
  const flags = ['--kube-version', kubernetes, ...(upgrade ? ['--is-upgrade'] : [])];
  const args = [release, chartFolder, '--namespace', 'learning', '--values', valuesFile(values), ...sets, ...flags];
  return helm('template', ...args);
}

export function render(values: 'minimal' | 'full', options: Options = {}): readonly Manifest[] {
  const { status, stdout, stderr } = template(values, options);
  if (status !== 0) throw new Error(stderr);
  return parseManifests(stdout);
}

function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

export function podTemplates(manifests: readonly Manifest[]): readonly { name: string; template: PodTemplate }[] {
  return manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map(({ metadata, spec }) => ({ name: metadata.name, template: spec.template as PodTemplate }));
}

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name} among ${manifests.map((each) => each.metadata.name)}`);
  return found;
}

export function environmentOf(container: Container | undefined): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}
