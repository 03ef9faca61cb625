/** `cli -- slo`: checks, explains, generates from, imports and exports the objectives of slo.yaml. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { SloFileError } from '../../services/slo/slo-file/read-slo-file.ts';
import { checkFile } from './check.ts';
import { explain } from './explain.ts';
import { generate } from './generate.ts';
import { exportOpenSlo } from './open-slo/export.ts';
import { importOpenSlo } from './open-slo/import.ts';

type Options = {
  /** Of this process: SLO_FILE, or the shipped one. */
  readonly file: string;
  readonly write: (text: string) => void;
  /** Runs this command in a process whose SLO_FILE is the given file. @returns its exit code */
  readonly runWith: (file: string, args: readonly string[]) => number;
};

type FileFlag = { readonly file?: string };

const fileOption = ['--file <path>', 'the objectives (default: SLO_FILE, or the shipped slo.yaml)'] as const;

export function describeSlo(command: Command, { file, write, runWith }: Options): Command {
  command.description('check, explain and compile the objectives in slo.yaml');
  const elsewhere = (flags: FileFlag, args: readonly string[]) => {
    if (flags.file === undefined || flags.file === file) return false;
    process.exitCode = runWith(flags.file, args);
    return true;
  };

  command
    .command('check')
    .description('check the file, and print each problem with its line')
    .argument('[file]', 'the objectives (default: SLO_FILE, or the shipped slo.yaml)')
    .action((path: string = file) => {
      process.exitCode = reported(() => write(`${checkFile(readFileSync(path, 'utf8'), path)}\n`));
    });

  command
    .command('explain')
    .description('print the arithmetic of an objective: its error budget, windows, and how soon its alerts fire')
    .argument('<objective>', 'its name, for example error_rate')
    .option(...fileOption)
    .action((name: string, flags: FileFlag) => {
      if (!elsewhere(flags, ['explain', name])) write(explain(name));
    });

  command
    .command('generate')
    .description('write rules, Alertmanager configuration, dashboards and runbook stubs to a folder')
    .requiredOption('--out <dir>', 'the folder; existing files with the same names are replaced')
    .option(...fileOption)
    .action((flags: FileFlag & { readonly out: string }) => {
      if (elsewhere(flags, ['generate', '--out', flags.out])) return;
      for (const path of generate(flags.out)) write(`${path}\n`);
    });

  command
    .command('import')
    .description('print OpenSLO v1 objectives as entries for slo.yaml')
    .argument('<file>', 'OpenSLO v1, YAML; several documents are allowed')
    .action((path: string) => {
      process.exitCode = reported(() => write(importOpenSlo(readFileSync(path, 'utf8'), path)));
    });

  command
    .command('export')
    .description('print the objectives as OpenSLO v1')
    .option(...fileOption)
    .action((flags: FileFlag) => {
      if (elsewhere(flags, ['export'])) return;
      const { text, leftOut } = exportOpenSlo();
      write(text);
      for (const reason of leftOut) process.stderr.write(`${reason}\n`);
    });
  return command;
}

/** @returns the exit code */
function reported(work: () => void): number {
  try {
    work();
    return 0;
  } catch (error) {
    if (!(error instanceof SloFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
