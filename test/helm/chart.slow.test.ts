/** What a Kubernetes user relies on in the rendered manifests. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { chartFolder } from '../../deploy/helm/chart-files.ts';
import { loadConfig } from '../../services/config.ts';
import { timeLimits } from '../../services/runtime/timeouts.ts';
import { environmentOf, find, helm, type Manifest, missing, podTemplates, render, template } from './render.ts';

const both = ['minimal', 'full'] as const;
const files = { minimal: `${chartFolder}/ci/minimal-values.yaml`, full: `${chartFolder}/ci/full-values.yaml` };
const selectorKeys = ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name'];

const container = (manifests: readonly Manifest[], name: string) =>
  podTemplates(manifests).find((each) => each.name === name)?.template.spec.containers[0];

test.skipIf(missing).each(both)('helm lint --strict accepts the %s values', (name) => {
  const { status, stdout, stderr } = helm('lint', '--strict', chartFolder, '--values', files[name]);
  expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
});

test.skipIf(missing).each(both)('every container of the %s values is unprivileged', (name) => {
  const templates = podTemplates(render(name));
  expect(templates.length).toBeGreaterThanOrEqual(3);
  for (const { name: pod, template } of templates) {
    const { spec } = template;
    expect(spec.securityContext, pod).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect([spec.automountServiceAccountToken, spec.enableServiceLinks], pod).toEqual([false, false]);
    expect([spec.hostNetwork, spec.hostPID, spec.hostIPC], pod).toEqual([undefined, undefined, undefined]);
    for (const each of spec.containers) {
      expect(each.securityContext, pod).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = each.volumeMounts.filter(({ readOnly }) => !readOnly);
      expect(writable.map(({ mountPath }) => mountPath).sort(), pod).toEqual(['/data', '/tmp']);
      for (const mount of each.volumeMounts) expect(spec.volumes.map((volume) => volume.name)).toContain(mount.name);
      expect(each.resources, pod).toMatchObject({ requests: { cpu: expect.anything(), memory: expect.anything() } });
    }
  }
});

test.skipIf(missing)('the database login of each program comes from its own Secret', () => {
  const manifests = render('minimal', { set: ['cli.enabled=true'] });
  const logins = podTemplates(manifests).map(({ name, template }) => {
    const [url] = template.spec.containers[0]?.env.filter((each) => each.name === 'DATABASE_URL') ?? [];
    return [name, url?.value, url?.valueFrom?.secretKeyRef.name];
  });
  expect(logins.sort()).toEqual([
    ['rag-rag-observatory-chat', undefined, 'rag-database-chat'],
    ['rag-rag-observatory-cli', undefined, 'rag-database-owner'],
    ['rag-rag-observatory-migrate', undefined, 'rag-database-owner'],
    ['rag-rag-observatory-worker', undefined, 'rag-database-worker'],
  ]);
});

test.skipIf(missing)('no manifest is a Secret, and no value may contain a password', () => {
  expect(render('full').map(({ kind }) => kind)).not.toContain('Secret');
  for (const set of [
    'config.PROMETHEUS_URL=https://user:password@prometheus.example.com',
    'config.LLM_API_KEY=sk-1',
    'config.DATABASE_URL=postgres://a:b@c/d',
    'config.LLM_BASE_URL=https://user:password@model.example.com/v1',
    'config.OTEL_EXPORTER_OTLP_HEADERS=authorization=secret',
    'secretEnv.DATABASE_URL.secretName=a,secretEnv.DATABASE_URL.secretKey=b',
    'database.owner.password=a',
  ]) {
    expect(template('minimal', { set: [set] }), set).toMatchObject({ status: 1, stdout: '' });
  }
});

test.skipIf(missing)('a value that the chart does not know is refused by its name', () => {
  for (const [set, name] of [
    ['config.LLM_TIMEOUT=1000', 'LLM_TIMEOUT'],
    ['chat.replicaCount=3', 'replicaCount'],
    ['config.LLM_TIMEOUT_MS=30s', 'LLM_TIMEOUT_MS'],
    ['ingress.enabled=true', 'hosts'],
  ] as const) {
    const { status, stderr } = template('minimal', { set: [set] });
    expect([status, stderr], set).toEqual([1, expect.stringContaining(name)]);
  }
});

test.skipIf(missing)('what is required is named when it is missing', () => {
  for (const name of [
    'image.repository',
    'database.owner.secretName',
    'database.chat.secretName',
    'database.worker.secretName',
    'config.AUTH_JWKS_URL',
  ]) {
    const { status, stderr } = template('minimal', { set: [`${name}=`] });
    expect([status, stderr], name).toEqual([1, expect.stringContaining(`${name} is required`)]);
  }
  const twice = template('full', { set: ['config.PROMETHEUS_URL=http://prometheus:9090'] });
  expect(twice.stderr).toContain('PROMETHEUS_URL is in config and in secretEnv');
});

/** As Kubernetes fills in the values of Secrets. */
function withSecrets(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const secrets: Readonly<Record<string, string>> = {
    LLM_API_KEY: 'x',
    PROMETHEUS_URL: 'http://a',
    PROBE_KEY: 'a-key-of-more-than-24-characters',
    PROBE_CLIENT_SECRET: 'x',
  };
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value ?? secrets[key]]));
}

test.skipIf(missing).each(both)('the programs accept the environment of the %s values', (name) => {
  const manifests = render(name);
  const full = parse(helm('show', 'values', chartFolder).stdout) as { config: Record<string, string> };
  for (const program of ['chat', 'worker']) {
    const env = environmentOf(container(manifests, `rag-rag-observatory-${program}`));
    const config = loadConfig(withSecrets(env));
    if (name === 'full') {
      expect(config).toMatchObject({ judgeSampleRate: 0.25, recordDeadlineMs: 20_500, commercialUse: false });
      expect(config.model).toMatchObject({ contextWindow: 1_000_000, temperature: 0.000_05, timeoutMs: 45_000 });
      for (const key of Object.keys(full.config)) expect(Object.keys(env), key).toContain(key);
    }
  }
});

test.skipIf(missing).each([
  ['minimal', 0],
  ['full', 0],
  ['minimal', 90_000],
] as const)('pods of the %s values may finish their questions, with RECORD_DEADLINE %i', (name, deadline) => {
  const manifests = render(name, { set: deadline === 0 ? [] : [`config.RECORD_DEADLINE=${deadline}`] });
  for (const program of ['chat', 'worker']) {
    const { spec } = find(manifests, 'Deployment', `rag-rag-observatory-${program}`).spec.template;
    const [only] = spec.containers;
    const env = environmentOf(only);
    const { drainMs } = timeLimits(loadConfig(withSecrets(env)));
    const before = Number(only.lifecycle?.preStop.exec.command[1] ?? 0);
    expect(spec.terminationGracePeriodSeconds, program).toBeGreaterThanOrEqual(before + drainMs / 1000);
    expect(spec.terminationGracePeriodSeconds, program).toBeLessThanOrEqual(before + drainMs / 1000 + 10);
  }
});

test.skipIf(missing)('probes restart a server that hangs, and none because of its database', () => {
  const manifests = render('minimal');
  const chat = container(manifests, 'rag-rag-observatory-chat');
  expect([chat?.startupProbe, chat?.livenessProbe, chat?.readinessProbe]).toEqual([
    expect.objectContaining({ httpGet: { path: '/healthz', port: 'http' } }),
    expect.objectContaining({ httpGet: { path: '/healthz', port: 'http' } }),
    expect.objectContaining({ httpGet: { path: '/readyz', port: 'http' }, timeoutSeconds: 4 }),
  ]);
  const worker = container(manifests, 'rag-rag-observatory-worker');
  expect(worker?.livenessProbe).toMatchObject({ httpGet: { path: '/metrics', port: 'metrics' } });
});

test.skipIf(missing)('selectors stay the same from release to release', () => {
  const now = render('full', { upgrade: true });
  const other = render('full', { upgrade: true, set: ['image.tag=9.9.9', 'commonLabels.team=other'] });
  const selectors = (manifests: readonly Manifest[]) =>
    manifests.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.selector.matchLabels);
  expect(selectors(now)).toEqual(selectors(other));
  for (const labels of selectors(now)) expect(Object.keys(labels).sort()).toEqual(selectorKeys);
});

test.skipIf(missing)('two releases in one namespace share no object and select no pods of each other', () => {
  const [one, two] = [render('full', { release: 'one' }), render('full', { release: 'two' })];
  const names = (manifests: readonly Manifest[]) => manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names(one).filter((name) => names(two).includes(name))).toEqual([]);
  expect(new Set(names(one)).size).toBe(one.length);
  const selectors = one.flatMap(({ spec }) => [
    spec?.selector?.matchLabels ?? (spec?.selector?.['app.kubernetes.io/name'] ? spec.selector : undefined),
    spec?.podSelector?.matchLabels,
  ]);
  const matched = selectors.filter((labels) => labels !== undefined);
  expect(matched.length).toBeGreaterThan(10);
  for (const labels of matched) expect(labels['app.kubernetes.io/instance']).toBe('one');
});

test.skipIf(missing)('a long release name gives valid names', () => {
  for (const { metadata, kind } of render('full', { release: 'a'.repeat(53) })) {
    expect(metadata.name.length, kind).toBeLessThanOrEqual(kind === 'Service' ? 63 : 253);
    for (const value of Object.values(metadata.labels)) expect(value.length, kind).toBeLessThanOrEqual(63);
  }
});

test.skipIf(missing)('migrations run before pods of an installation and of an upgrade, once at a time', () => {
  const job = find(render('minimal'), 'Job', 'rag-rag-observatory-migrate');
  expect(job.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
  expect(job.spec.template.spec).toMatchObject({ restartPolicy: 'Never', serviceAccountName: 'default' });
  const mounted = job.spec.template.spec.volumes.map((volume: object) => Object.keys(volume)[1]);
  // Nothing that the release itself would create, because it does not exist yet.
  expect(mounted).toEqual(['emptyDir', 'emptyDir']);
  const kinds = render('minimal', { set: ['migration.enabled=false'] }).map(({ kind }) => kind);
  expect(kinds).not.toContain('Job');
});

test.skipIf(missing)('with autoscaling the Deployment does not set replicas back', () => {
  const manifests = render('full');
  expect(find(manifests, 'Deployment', 'rag-rag-observatory-chat').spec).not.toHaveProperty('replicas');
  expect(find(manifests, 'HorizontalPodAutoscaler', 'rag-rag-observatory-chat').spec).toMatchObject({
    scaleTargetRef: { kind: 'Deployment', name: 'rag-rag-observatory-chat' },
    minReplicas: 3,
    maxReplicas: 12,
  });
  expect(find(render('minimal'), 'Deployment', 'rag-rag-observatory-chat').spec.replicas).toBe(2);
});

test.skipIf(missing)('Services and disruption budgets select the pods of their program', () => {
  const manifests = render('full');
  const pods = podTemplates(manifests);
  const selected = (selector: Record<string, string>) =>
    pods
      .filter(({ template }) =>
        Object.entries(selector).every(([key, value]) => template.metadata.labels[key] === value),
      )
      .map(({ name }) => name.replace('rag-rag-observatory-', ''));
  const service = (name: string) => selected(find(manifests, 'Service', `rag-rag-observatory${name}`).spec.selector);
  expect([service(''), service('-chat-metrics'), service('-worker-metrics')]).toEqual([['chat'], ['chat'], ['worker']]);
  for (const program of ['chat', 'worker']) {
    const { spec } = find(manifests, 'PodDisruptionBudget', `rag-rag-observatory-${program}`);
    expect(selected(spec.selector.matchLabels)).toEqual([program]);
    const policy = find(manifests, 'NetworkPolicy', `rag-rag-observatory-${program}`);
    expect(selected(policy.spec.podSelector.matchLabels)).toEqual([program]);
  }
});

test.skipIf(missing)('network policies open DNS, the database and the ports of configured URLs', () => {
  const ports = (policy: Manifest) =>
    policy.spec.egress.flatMap((rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port)).sort();
  const manifests = render('full');
  const chat = find(manifests, 'NetworkPolicy', 'rag-rag-observatory-chat');
  expect(ports(chat)).toEqual([4318, 443, 53, 53, 6432, 8000, 9090]);
  expect(ports(find(manifests, 'NetworkPolicy', 'rag-rag-observatory-migrate'))).toEqual([53, 53, 6432]);
  expect(chat.spec.ingress.map(({ from }: { from: object[] }) => from.length)).toEqual([1, 1]);
  const cli = find(manifests, 'NetworkPolicy', 'rag-rag-observatory-cli');
  expect([cli.spec.policyTypes, cli.spec.ingress]).toEqual([['Ingress', 'Egress'], undefined]);
  const plain = render('minimal', { set: ['config.LLM_BASE_URL=http://model/v1', 'config.LLM_MODEL=m'] });
  expect(ports(find(plain, 'NetworkPolicy', 'rag-rag-observatory-worker'))).toEqual([443, 53, 53, 5432, 80]);
});

test.skipIf(missing)('a Service called postgres sets no variable of the programs', () => {
  // Kubernetes would set POSTGRES_PORT=tcp://10.0.0.1:5432.
  expect(() => loadConfig({ POSTGRES_PORT: 'tcp://10.0.0.1:5432' })).toThrow(/POSTGRES_PORT/);
  for (const { template } of podTemplates(render('minimal'))) expect(template.spec.enableServiceLinks).toBe(false);
});
