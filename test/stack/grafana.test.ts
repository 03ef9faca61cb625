/** Checks Grafana's provisioning: existing settings, the folders of dashboards, and the data sources that dashboards use. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { dashboardFolders } from '../../dashboards/folders.ts';
import { spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import { dashboards } from '../../services/catalogue/links.ts';
import { selectorsIn } from '../kit/rules/promql-names.ts';
import known from './grafana-settings.json' with { type: 'json' };
import { compose, read, root } from './stack-files.ts';

type Correlation = {
  targetUID: string;
  type: string;
  config: { field: string; target: { refId: string; rawSql?: string; expr?: string; query?: string } };
};
type DataSource = { uid: string; type: string; url: string; editable: boolean; correlations?: Correlation[] };
type Provider = { name: string; folder: string; folderUid: string; allowUiUpdates: boolean; options: { path: string } };

const sourcesText = read('stack/grafana/datasources.yaml');
const { datasources }: { datasources: DataSource[] } = parse(sourcesText);
const { providers }: { providers: Provider[] } = parse(read('stack/grafana/dashboards.yaml'));
const settings = readIni(read('stack/grafana/grafana.ini'));
const setting = (section: string, key: string) =>
  settings.find((each) => each.section === section && each.key === key)?.value;

/** The path on the host of a file in the container, by the mounts of the compose file. */
function hostPath(path: string): string {
  const mounts = (compose.services.grafana?.volumes ?? []).map((volume) => volume.split(':'));
  const [from = '', to = ''] = mounts.find(([, target = '']) => path === target || path.startsWith(`${target}/`)) ?? [];
  expect(from, path).toMatch(/^\.\//);
  return `${from.slice(2)}${path.slice(to.length)}`;
}

test('every setting exists in Grafana, is set once, and has a valid format', () => {
  expect(settings.length).toBeGreaterThan(25);
  const sections: Readonly<Record<string, readonly string[]>> = known;
  for (const { section, key } of settings) expect(sections[section] ?? [], `[${section}] ${key}`).toContain(key);
  const names = settings.map(({ section, key }) => `${section}.${key}`);
  expect(new Set(names).size).toBe(names.length);
  for (const name of Object.keys(compose.services.grafana?.environment ?? {}).filter((each) =>
    each.startsWith('GF_'),
  )) {
    const [, section = '', key = ''] = /^GF_([A-Z]+)_([A-Z_]+)$/.exec(name) ?? [];
    expect(sections[section.toLowerCase()] ?? [], name).toContain(key.toLowerCase());
  }
});

test('anonymous access, sign-up, update checks and usage reports are disabled', () => {
  const off = [
    ['auth.anonymous', 'enabled'],
    ['users', 'allow_sign_up'],
    ['users', 'allow_org_create'],
    ['users', 'viewers_can_edit'],
    ['snapshots', 'external_enabled'],
    ['public_dashboards', 'enabled'],
    ['analytics', 'reporting_enabled'],
    ['analytics', 'check_for_updates'],
    ['analytics', 'check_for_plugin_updates'],
    ['news', 'news_feed_enabled'],
    ['plugins', 'preinstall_auto_update'],
    ['plugins', 'plugin_admin_enabled'],
  ] as const;
  for (const [section, key] of off) expect(setting(section, key), `[${section}] ${key}`).toBe('false');
  expect(setting('security', 'disable_gravatar')).toBe('true');
  expect(setting('security', 'cookie_samesite')).toBe('strict');
  expect(setting('plugins', 'preinstall_disabled')).toBe('true');
  expect(setting('date_formats', 'default_timezone')).toBe('Asia/Tokyo');
  const policy = setting('security', 'content_security_policy_template') ?? '';
  expect(policy.match(/https?:|\*|\b\w+\.(com|org|net)\b/g)).toBeNull();
  expect(policy).toMatch(/frame-ancestors 'none'/);
});

test('secrets are environment variables and in no file', () => {
  for (const { section, key } of settings) expect(`${section}.${key}`).not.toMatch(/password|secret/);
  expect(sourcesText.match(/password: (.*)/g)).toEqual(['password: $DB_GRAFANA_PASSWORD']);
});

test('each folder has its dashboards, and every dashboard is in a folder', () => {
  const shown = providers.flatMap(({ options, folder, folderUid }) =>
    readdirSync(`${root}/${hostPath(options.path)}`).map((file) => `${folder} (${folderUid}): ${file}`),
  );
  const made = Object.entries(dashboardFolders).map(
    ([board, { title, uid }]) => `${title} (${uid}): ${dashboards[board as keyof typeof dashboards]}.json`,
  );
  expect(shown.toSorted()).toEqual(made.toSorted());
  expect(new Set(providers.map(({ name }) => name)).size).toBe(providers.length);
  for (const { allowUiUpdates } of providers) expect(allowUiUpdates).toBe(false);
});

test('the home page is the SLO dashboard', () => {
  const home = JSON.parse(read(hostPath(setting('dashboards', 'default_home_dashboard_path') ?? '')));
  expect(home.uid).toBe(dashboards.slo);
});

test('every data source of a dashboard is provisioned with its uid and type', () => {
  const uids = new Map(datasources.map(({ uid, type }) => [uid, type]));
  const named = dashboardTexts().flatMap((text) =>
    [...text.matchAll(/"datasource": \{\s*"type": "([\w-]+)",\s*"uid": "([^"]+)"/g)].map(([, type = '', uid = '']) => ({
      type,
      // A variable stands for the data source of its name.
      uid: /^\$\{(\w+)\}$/.exec(uid)?.[1] ?? uid,
    })),
  );
  expect(named.length).toBeGreaterThan(100);
  for (const { type, uid } of named) {
    if (uid.startsWith('-- ')) continue;
    expect([uid, uids.get(uid)]).toEqual([uid, type]);
  }
});

test('links to a trace, its row and its log lines use variables that Grafana provides', () => {
  const unescaped = [...sourcesText.replaceAll('$$', '').matchAll(/\$\{?(\w+)/g)].map(([, name]) => name);
  expect(unescaped).toEqual(['DB_GRAFANA_PASSWORD']);
  const filled = [...sourcesText.matchAll(/\$\$\{([^}]+)\}/g)].map(([, name]) => name);
  expect(new Set(filled)).toEqual(new Set(['__value.raw', '__trace.traceId', '__span.name', 'traceID', 'trace_id']));
  const correlations = datasources.flatMap(({ uid, correlations = [] }) =>
    correlations.map((correlation) => ({ from: uid, ...correlation })),
  );
  expect(correlations.map(({ from, targetUID }) => `${from} → ${targetUID}`)).toEqual([
    'tempo → postgres',
    'tempo → postgres',
    'postgres → tempo',
    'postgres → loki',
  ]);
  for (const { from, config, type } of correlations) {
    expect(type).toBe('query');
    const { rawSql, expr, query } = config.target;
    expect(config.field).toBe(from === 'tempo' ? 'traceID' : 'trace_id');
    expect([rawSql, expr, query].join(' ')).toContain(`$\${${config.field}}`);
  }
});

test('traces link to metrics that the Collector creates', () => {
  const [, query = ''] = /query: (histogram_quantile.*)/.exec(sourcesText) ?? [];
  const names = selectorsIn(query.replace(/\$\$\{.*?\}/, 'x')).flatMap((selector) => selector.names);
  expect(names).toEqual([`${spanMetrics.duration.name}_bucket`]);
});

function dashboardTexts(): readonly string[] {
  return providers.flatMap(({ options }) => {
    const folder = hostPath(options.path);
    return readdirSync(`${root}/${folder}`).map((file) => read(`${folder}/${file}`));
  });
}

function readIni(text: string): { section: string; key: string; value: string }[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const [, name] = /^\[([\w.]+)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      section = name;
      return [];
    }
    const [, key, value] = /^(\w+) = (.+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw new Error(`${line} is not a setting`);
    return [{ section, key, value: value.replace(/^"""(.*)"""$/, '$1') }];
  });
}
