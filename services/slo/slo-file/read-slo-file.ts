/** Reads slo.yaml: its structure, the values with their units, and what is wrong, with line numbers. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { alertPolicy } from '../alert-policy.ts';
import type { JobObjective, Objective } from '../objective.ts';
import { problemsOf } from '../validate-objectives.ts';
import { defaultLimits } from './default-limits.ts';
import { readObjective } from './read-objective.ts';
import { type SloFileInput, type SloProblem, sloFileSchema } from './schema.ts';

type Widened<T> = T extends number ? number : T extends string ? string : { readonly [K in keyof T]: Widened<T[K]> };

export type SloFile = {
  /** By key: the name in camel case. */
  readonly objectives: Readonly<Record<string, Objective>>;
  readonly jobs: Readonly<Record<string, JobObjective>>;
  readonly identity: readonly string[];
  readonly replicas: readonly string[];
  readonly scrapeJobs: NonNullable<SloFileInput['jobs']>;
  /** Fewest targets of each job. */
  readonly expected: NonNullable<SloFileInput['expected']>;
  /** Yen in 24 hours. Undefined: no budget. */
  readonly spend: { readonly dailyBudget?: number };
  readonly links: NonNullable<SloFileInput['links']>;
  readonly maintenance: NonNullable<SloFileInput['maintenance']>;
  /** Times of day in Asia/Tokyo between which `night` numbers apply. */
  readonly night: { readonly from: string; readonly to: string };
  readonly limits: Widened<typeof defaultLimits>;
};

/** The message lists one problem per line, each with the line of the file and what to do. */
export class SloFileError extends Error {
  override readonly name = 'SloFileError';
}

/**
 * @param name of the file, for messages
 * @throws {SloFileError}
 */
export function readSloFile(text: string, name: string): SloFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new SloFileError(
      `${name}:${lines.linePos(syntax.pos[0]).line}: this is not YAML: ${syntax.message}. Correct the indentation, quotes or colons around this line.`,
    );
  }
  const parsed = sloFileSchema.safeParse(document.toJS());
  if (!parsed.success) {
    throw refusal(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({
              path: [...issue.path, key],
              message: `${key} is not a known setting: remove it or correct its name`,
            }))
          : [{ path: issue.path, message: `${issue.path.join('.') || 'the file'}: ${issue.message}` }],
      ),
    );
  }
  const { data } = parsed;
  const read = Object.entries(data.objectives).map(([objective, entry]) => readObjective(objective, entry));
  const problems = read.flatMap((each) => each.problems);
  const entries = read.flatMap(({ objective }) =>
    objective === null ? [] : [[keyOf(objective.name), objective] as const],
  );
  problems.push(
    ...problemsOf(entries, alertPolicy).map((problem) => ({
      path: ['objectives', problem.objective],
      message: problem.message,
    })),
  );
  if (problems.length > 0) throw refusal(problems);
  const dailyBudget = data.spend?.dailyBudget;
  return {
    objectives: Object.fromEntries(entries.filter((entry): entry is [string, Objective] => entry[1].kind !== 'job')),
    jobs: Object.fromEntries(entries.filter((entry): entry is [string, JobObjective] => entry[1].kind === 'job')),
    identity: data.identity ?? ['env', 'cluster', 'namespace'],
    replicas: data.replicas ?? ['prometheus_replica', 'replica'],
    scrapeJobs: data.jobs ?? {},
    expected: data.expected ?? {},
    spend: dailyBudget === undefined ? {} : { dailyBudget: Number(String(dailyBudget).replace('¥', '')) },
    links: data.links ?? {},
    maintenance: data.maintenance ?? [],
    night: data.night ?? { from: '22:00', to: '07:00' },
    limits: changed(defaultLimits, (data.limits ?? {}) as Tree) as unknown as SloFile['limits'],
  };

  function refusal(all: readonly SloProblem[]): SloFileError {
    const listed = all
      .map(({ path, message }) => ({ line: lineOf(path), message }))
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, message }) => `${name}:${line}: ${message}`);
    return new SloFileError([...new Set(listed)].join('\n'));
  }

  /** Of the nearest part of the path that the file has. */
  function lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
      const key = (parent as { items?: { key?: unknown }[] } | null)?.items?.find(
        (item) => isNode(item.key) && String(item.key) === String(path[length - 1]),
      )?.key;
      if (isNode(key) && key.range) return lines.linePos(key.range[0]).line;
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

/** `latency_p95` → `latencyP95` */
function keyOf(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

type Tree = { readonly [key: string]: unknown };

function changed(defaults: Tree, changes: Tree): Tree {
  return Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => {
      const change = changes[key];
      if (change === undefined) return [key, value];
      return [key, typeof value === 'object' ? changed(value as Tree, change as Tree) : change];
    }),
  );
}
