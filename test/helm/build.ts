/** Gets the programs and schemas that the chart is checked with, once for each content of tools.json. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildOnce, goEnvironment, run } from '../../collector/go-builds.ts';
import tools from './tools.json' with { type: 'json' };

const versions = fileURLToPath(new URL('./tools.json', import.meta.url));

/** Kinds of monitoring.coreos.com that the chart renders, in the plural. */
const customResources = ['alertmanagerconfigs', 'prometheusrules', 'servicemonitors'];

export type ChartTools =
  | {
      readonly helm: string;
      /** The custom resource definitions of the Prometheus Operator: YAML files. */
      readonly definitions: readonly string[];
      /** The folder of Python's kubernetes_validate, or why it is missing. */
      readonly validate: { readonly folder: string } | { readonly missing: string };
    }
  | { readonly missing: string };

/** @param log prints a line before a long step */
export async function chartTools(log: (line: string) => void): Promise<ChartTools> {
  const files = customResources.map((name) => `monitoring.coreos.com_${name}.yaml`);
  const helm = await buildOnce({
    name: 'helm',
    files: [versions],
    outputs: ['helm', ...files],
    log,
    async build(go, folder) {
      const options = { cwd: folder, env: { ...goEnvironment(), GOBIN: folder }, maxBuffer: 2 ** 26 };
      const major = tools.helm.split('.')[0];
      const program = `helm.sh/helm/${major}/cmd/helm@${tools.helm}`;
      await run(go.path, ['install', '-trimpath', '-ldflags', '-s -w', program], options);
      const operator = `github.com/prometheus-operator/prometheus-operator@${tools.prometheusOperator}`;
      const { stdout } = await run(go.path, ['mod', 'download', '-json', operator], options);
      const { Dir } = JSON.parse(stdout) as { Dir: string };
      for (const file of files) {
        await copyFile(join(Dir, 'example', 'prometheus-operator-crd', file), join(folder, file));
      }
    },
  });
  if ('missing' in helm) return helm;
  return {
    helm: join(helm.folder, 'helm'),
    definitions: files.map((file) => join(helm.folder, file)),
    validate: await installValidate(join(helm.folder, `kubernetes-validate-${tools.kubernetesValidate}`)),
  };
}

async function installValidate(folder: string): Promise<{ folder: string } | { missing: string }> {
  const check = () => run('python3', ['-m', 'kubernetes_validate', '--version'], { env: pythonEnvironment(folder) });
  try {
    await check();
    return { folder };
  } catch {}
  try {
    await mkdir(folder, { recursive: true });
    const requirement = `kubernetes-validate==${tools.kubernetesValidate}`;
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--upgrade', '--target', folder, requirement]);
    await check();
    return { folder };
  } catch (error) {
    return {
      missing: `kubernetes-validate cannot be installed by pip (Debian: apt-get install python3-pip): ${(error as Error).message}`,
    };
  }
}

export function pythonEnvironment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, PYTHONPATH: folder };
}
