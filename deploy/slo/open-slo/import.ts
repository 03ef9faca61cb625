/** `cli -- slo import`: OpenSLO v1 objectives as entries of slo.yaml, or the reason why one cannot be expressed. */
import { isNode, LineCounter, parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { alertPolicy } from '../../../services/slo/alert-policy.ts';
import { exact } from '../../../services/slo/error-budget.ts';
import { indicatorNames } from '../../../services/slo/indicator-names.ts';
import { readSloFile, SloFileError } from '../../../services/slo/slo-file/read-slo-file.ts';
import { annotation, apiVersion } from './annotations.ts';
import { recogniseIndicator } from './recognise-indicator.ts';

const metadata = z.object({
  name: z.string(),
  displayName: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const query = z.object({ metricSource: z.object({ spec: z.object({ query: z.string() }).loose() }).loose() }).loose();
const sli = z.object({
  ratioMetric: z
    .object({ good: query.optional(), bad: query.optional(), total: query.optional(), raw: z.unknown().optional() })
    .loose()
    .optional(),
  thresholdMetric: z.unknown().optional(),
});
const slo = z.object({
  metadata,
  spec: z.object({
    indicator: z.object({ metadata: metadata.optional(), spec: sli }).optional(),
    indicatorRef: z.string().optional(),
    timeWindow: z
      .array(z.object({ duration: z.string(), isRolling: z.boolean().optional(), calendar: z.unknown().optional() }))
      .min(1),
    budgetingMethod: z.string(),
    objectives: z
      .array(
        z
          .object({
            displayName: z.string().optional(),
            target: z.number().optional(),
            targetPercent: z.number().optional(),
          })
          .loose(),
      )
      .min(1),
  }),
});

type Slo = z.output<typeof slo>;
type Sli = z.output<typeof sli>;

/**
 * @returns YAML with `version` and `objectives`
 * @throws {SloFileError} each objective that cannot be expressed, with its line and the reason
 */
export function importOpenSlo(text: string, name: string): string {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) throw new SloFileError(`${name}:1: the file is empty`);
  const refusals: string[] = [];
  const read = documents.map((document) => {
    const line =
      isNode(document.contents) && document.contents.range ? lines.linePos(document.contents.range[0]).line : 1;
    const [syntax] = document.errors;
    if (syntax !== undefined)
      refusals.push(`${name}:${lines.linePos(syntax.pos[0]).line}: this is not YAML: ${syntax.message}`);
    const content = (document.toJS() ?? {}) as {
      apiVersion?: string;
      kind?: string;
      metadata?: { name?: string };
      spec?: unknown;
    };
    if (syntax === undefined && content.apiVersion !== apiVersion) {
      refusals.push(
        `${name}:${line}: apiVersion is ${content.apiVersion ?? 'missing'}: only ${apiVersion} can be read`,
      );
    }
    return { line, content };
  });
  const indicatorsByName = new Map(
    read
      .filter(({ content }) => content.kind === 'SLI')
      .map(({ content }) => [content.metadata?.name, sli.safeParse(content.spec).data] as const),
  );
  const entries: [string, object][] = [];
  for (const { line, content } of read.filter(
    (each) => each.content.kind === 'SLO' && each.content.apiVersion === apiVersion,
  )) {
    const parsed = slo.safeParse(content);
    if (!parsed.success) {
      refusals.push(
        ...parsed.error.issues.map((issue) => `${name}:${line}: ${issue.path.join('.')}: ${issue.message}`),
      );
      continue;
    }
    const { indicator, indicatorRef } = parsed.data.spec;
    const result = entriesOf(parsed.data, indicator?.spec ?? indicatorsByName.get(indicatorRef));
    if (typeof result === 'string') refusals.push(`${name}:${line}: ${parsed.data.metadata.name}: ${result}`);
    else entries.push(...result);
  }
  if (refusals.length === 0 && entries.length === 0) refusals.push(`${name}:1: the file has no document of kind SLO`);
  if (refusals.length > 0) throw new SloFileError(refusals.join('\n'));
  const result = stringify({ version: 1, objectives: Object.fromEntries(entries) }, { lineWidth: 0 });
  readSloFile(result, 'the result of the import');
  return result;
}

/** The reason, if the objective cannot be expressed. */
function entriesOf(
  { metadata: { name, displayName, annotations = {} }, spec }: Slo,
  indicator: Sli | undefined,
): string | [string, object][] {
  const [window, ...more] = spec.timeWindow;
  if (
    more.length > 0 ||
    window?.duration !== alertPolicy.period ||
    window.isRolling === false ||
    window.calendar !== undefined
  ) {
    return `its time window is ${window?.duration}${window?.calendar === undefined ? '' : ' by calendar'}, but error budgets here cover ${alertPolicy.period}, rolling: change timeWindow`;
  }
  if (spec.budgetingMethod !== 'Occurrences') {
    return `its budgeting method is ${spec.budgetingMethod}, but error budgets here count events, not time slices: use Occurrences`;
  }
  if (indicator === undefined) return 'its indicator is not in this file: add the SLI that indicatorRef names';
  if (indicator.thresholdMetric !== undefined) {
    return 'a thresholdMetric compares single samples of a gauge with a number, which no indicator here does: use a ratioMetric';
  }
  const { good, bad, total } = indicator.ratioMetric ?? {};
  const known = recogniseIndicator({
    annotated: annotations[annotation.indicator],
    good: good?.metricSource.spec.query,
    bad: bad?.metricSource.spec.query,
    total: total?.metricSource.spec.query,
  });
  if ('reason' in known) return known.reason;
  const { kind, direction } = indicatorNames[known.indicator];
  if (kind === 'mean' || kind === 'job')
    return `${known.indicator} is a ${kind}, and an OpenSLO target is a share of good events`;
  const base = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^(?=[0-9_])/, 'slo_');
  return spec.objectives.map((objective, index): [string, object] => {
    const share = objective.target ?? exact((objective.targetPercent ?? Number.NaN) / 100);
    const number = (key: string) => (annotations[key] === undefined ? undefined : Number(annotations[key]));
    const entry = {
      indicator: known.indicator,
      title: objective.displayName ?? displayName ?? name,
      titleJa: annotations[annotation.titleJa],
      ...(kind === 'quantile'
        ? { quantile: share, target: known.bound }
        : { target: direction === 'atLeast' ? share : exact(1 - share) }),
      warning: number(annotation.warning),
      critical: number(annotation.critical),
      spread: number(annotation.spread),
      budgetAlert: annotations[annotation.budgetAlert] === 'true' ? true : undefined,
      action: annotations[annotation.action],
    };
    const present = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
    return [spec.objectives.length === 1 ? base : `${base}_${index + 1}`, present];
  });
}
