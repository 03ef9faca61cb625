// Who may import whom: the design's rules, checked by `npm run imports`.
const domain = 'slo|provenance|catalogue|failure|chat|intake|quality|rollup|retention';
const adapters = ['http', 'postgres', 'llm', 'sources', 'telemetry'];
const tests = '\\.test\\.ts$';
const unitTests = { path: tests, pathNot: '\\.(db|slow)\\.test\\.ts$' };

/** A subject of postgres/ may import its own folder, the client and the subjects named. */
const subject = (name, ...others) => ({
  name: `postgres-${name}`,
  severity: 'error',
  from: { path: `^services/postgres/${name}/`, pathNot: tests },
  to: { path: '^services/postgres/', pathNot: `^services/postgres/(${['client', name, ...others].join('|')})/` },
});

/** A library has one home. */
const home = (library, folder) => ({
  name: `${library}-lives-in-${folder}`,
  severity: 'error',
  from: { path: '^services/', pathNot: [`^services/${folder}/`, tests] },
  to: { path: `node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { path: '^services/', orphan: true }, to: {} },
    { name: 'imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'slo-and-provenance-import-nothing',
      severity: 'error',
      from: { path: '^services/(slo|provenance)/', pathNot: [tests, '^services/slo/slo-file/'] },
      to: { pathNot: '^services/$1/' },
    },
    {
      // Reads slo.yaml when a program starts, because bounds of histograms depend on it.
      name: 'slo-file-imports-slo-and-a-parser',
      severity: 'error',
      from: { path: '^services/slo/slo-file/', pathNot: tests },
      to: { pathNot: '^(services/slo/|node_modules/(yaml|zod)/|fs$|url$)' },
    },
    {
      name: 'catalogue-imports-slo',
      severity: 'error',
      from: { path: '^services/catalogue/', pathNot: tests },
      to: { pathNot: '^services/(catalogue|slo)/' },
    },
    {
      name: 'alerts-import-slo-and-catalogue',
      severity: 'error',
      from: { path: '^alerts/', pathNot: tests },
      to: { path: '^(services|dashboards|scripts|test|bench|gameday)/', pathNot: '^services/(slo|catalogue)/' },
    },
    {
      name: 'dashboards-import-slo-catalogue-and-alerts',
      severity: 'error',
      from: { path: '^dashboards/', pathNot: tests },
      to: { path: '^(services|scripts|test|bench|gameday)/', pathNot: '^services/(slo|catalogue)/' },
    },
    {
      name: 'grafana-lives-in-dashboards',
      severity: 'error',
      from: { pathNot: '^(dashboards|test/dashboards|node_modules)/' },
      to: { path: 'node_modules/@grafana/' },
    },
    {
      name: 'alerts-and-dashboards-are-compiled-not-served',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(alerts|dashboards|scripts)/' },
    },
    {
      name: 'chat-and-rollup-stay-in-the-domain',
      severity: 'error',
      from: { path: '^services/(chat|rollup)/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/($1|slo|provenance|catalogue|failure)/' },
    },
    {
      // The chat takes a function that scores; only the wiring knows both.
      name: 'quality-imports-chat-and-slo',
      severity: 'error',
      from: { path: '^services/quality/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/(quality|chat|slo)/' },
    },
    {
      // Days, leases and runs are the same for every job.
      name: 'retention-imports-provenance-and-rollup',
      severity: 'error',
      from: { path: '^services/retention/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/(retention|provenance|rollup)/' },
    },
    {
      name: 'intake-imports-chat-and-provenance',
      severity: 'error',
      from: { path: '^services/intake/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/(intake|chat|provenance|failure)/' },
    },
    ...adapters.map((adapter) => ({
      name: `${adapter}-imports-the-domain-only`,
      severity: 'error',
      // start-sdk.ts runs before the chat server, as a program of its own: it reads the configuration.
      from: { path: `^services/${adapter}/`, pathNot: [tests, '^services/telemetry/tracing/start-sdk\\.ts$'] },
      to: { path: '^services/', pathNot: `^services/(${adapter}|${domain})/` },
    })),
    subject('client'),
    subject('dialogues'),
    subject('embeddings'),
    subject('intake'),
    subject('search', 'embeddings'),
    subject('sources'),
    subject('jobs'),
    subject('content', 'search', 'sources'),
    subject('retention', 'content'),
    subject('erasure', 'content', 'dialogues'),
    subject('metrics', 'jobs', 'retention'),
    subject('migrations', 'verify'),
    subject('verify', 'erasure'),
    {
      name: 'http-api-imports-nothing-of-http',
      severity: 'error',
      from: { path: '^services/http/api/', pathNot: tests },
      to: { path: '^services/http/', pathNot: '^services/http/api/' },
    },
    {
      name: 'http-routes-import-no-app-and-no-pages',
      severity: 'error',
      from: { path: '^services/http/routes/', pathNot: tests },
      to: { path: '^services/http/(pages/|(app|router|server|openapi)\\.ts$)' },
    },
    {
      name: 'only-programs-at-the-root',
      severity: 'error',
      from: {},
      to: {
        path: '^services/[^/]+$',
        pathNot: '^services/(start|chat-server|worker|cli|config)\\.ts$',
      },
    },
    {
      name: 'wiring-is-for-programs',
      severity: 'error',
      from: { path: '^services/', pathNot: ['^services/[^/]+\\.ts$', '^services/(wiring|commands)/', tests] },
      to: { path: '^services/wiring/' },
    },
    {
      name: 'jobs-are-for-wiring-and-commands',
      severity: 'error',
      from: { path: '^services/', pathNot: ['^services/(jobs|wiring|commands)/', tests] },
      to: { path: '^services/jobs/' },
    },
    {
      name: 'jobs-import-no-program',
      severity: 'error',
      from: { path: '^services/jobs/', pathNot: tests },
      to: { path: '^services/(http|commands|wiring|embedded-postgres)/' },
    },
    {
      name: 'runtime-imports-config-and-logging',
      severity: 'error',
      from: { path: '^services/runtime/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/((runtime|logging)/|config\\.ts$)' },
    },
    {
      name: 'logging-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^services/logging/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/logging/' },
    },
    {
      name: 'embedded-postgres-imports-the-runtime-and-the-client',
      severity: 'error',
      from: { path: '^services/embedded-postgres/', pathNot: tests },
      to: { path: '^services/', pathNot: '^services/(embedded-postgres|runtime|postgres/client|config\\.ts)' },
    },
    {
      name: 'commands-are-for-the-cli',
      severity: 'error',
      from: { path: '^services/', pathNot: ['^services/(cli|start)\\.ts$', '^services/commands/', tests] },
      to: { path: '^services/commands/' },
    },
    {
      name: 'game-days-are-for-the-cli',
      severity: 'error',
      from: { path: '^services/', pathNot: '^services/cli\\.ts$' },
      to: { path: '^gameday/' },
    },
    {
      // The model server, the incidents and the watching are one thing, the stack that they are played on another; names of metrics are data.
      name: 'game-days-need-no-stack-of-ours',
      severity: 'error',
      from: { path: '^gameday/(model|incidents|control|watch|traffic)/', pathNot: tests },
      to: { path: '^(gameday/stack|services|alerts)/', pathNot: '^services/catalogue/' },
    },
    {
      name: 'services-do-not-import-tests-or-benchmarks',
      severity: 'error',
      from: { path: '^(services|gameday)/', pathNot: tests },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'unit-tests-use-no-database',
      comment: 'Name the test file *.db.test.ts.',
      severity: 'error',
      from: unitTests,
      to: {
        path: '^test/kit/(database/test-database|programs/child|servers/prometheus-server|rules/rule-scenarios)\\.ts$',
        reachable: true,
      },
    },
    {
      name: 'unit-tests-start-no-program',
      comment: 'Name the test file *.db.test.ts.',
      severity: 'error',
      from: unitTests,
      to: { path: '^(node:)?child_process$' },
    },
    home('express', 'http'),
    home('zod-openapi', 'http'),
    home('protobufjs', 'http/otlp'),
    { ...home('pg', '(postgres|embedded-postgres)'), name: 'pg-lives-in-postgres' },
    home('@embedded-postgres/[^/]+', 'embedded-postgres'),
    home('node-pg-migrate', 'postgres'),
    home('@pydantic/genai-prices', 'llm'),
    home('prom-client', 'telemetry'),
    home('@opentelemetry/[^/]+', 'telemetry'),
    // Sources sign what they ask for tokens with.
    { ...home('jose', '(http|commands|sources)'), name: 'jose-lives-in-http-and-sources' },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'services/http/pages/assets/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectJSDocImports: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
