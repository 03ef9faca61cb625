/** The JSON of a dashboard, and all its panels, queries, annotations and variables, also in collapsed rows. */

export type Target = {
  refId: string;
  datasource?: { type?: string; uid?: string };
  expr?: string;
  range?: boolean;
  instant?: boolean;
  exemplar?: boolean;
  legendFormat?: string;
  format?: string;
  rawSql?: string;
  query?: string;
  queryType?: string;
};

export type Step = { value: number | null; color: string };

export type FieldOverride = {
  matcher: { id: string; options?: unknown };
  properties: { id: string; value?: unknown }[];
};

export type PanelJson = {
  id: number;
  type: string;
  title?: string;
  description?: string;
  collapsed?: boolean;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type?: string; uid?: string };
  targets?: Target[];
  transformations?: { id: string; options?: Record<string, unknown> }[];
  links?: { title: string; url?: string }[];
  options?: Record<string, unknown>;
  fieldConfig?: {
    defaults: {
      unit?: string;
      noValue?: string;
      thresholds?: { mode: string; steps: Step[] };
      links?: { title: string; url: string }[];
    };
    overrides: FieldOverride[];
  };
  panels?: PanelJson[];
};

export type Variable = {
  name: string;
  type: string;
  query?: unknown;
  refresh?: number;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  datasource?: { type?: string; uid?: string };
  current?: { value?: unknown };
};

export type AnnotationJson = {
  name: string;
  datasource?: { type?: string; uid?: string };
  expr?: string;
  target?: Target;
  enable?: boolean;
};

export type DashboardJson = {
  id?: number | null;
  uid: string;
  title: string;
  description?: string;
  tags?: string[];
  timezone?: string;
  editable?: boolean;
  refresh?: string;
  schemaVersion: number;
  time?: { from: string; to: string };
  panels: PanelJson[];
  templating?: { list?: Variable[] };
  annotations?: { list?: AnnotationJson[] };
  links?: { title: string; url?: string; placement?: string }[];
};

/** Includes rows and the panels inside collapsed rows. */
export function panelsOf({ panels }: DashboardJson): readonly PanelJson[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** Without rows. */
export function visiblePanels(dashboard: DashboardJson): readonly PanelJson[] {
  return panelsOf(dashboard).filter(({ type }) => type !== 'row');
}

export type PanelTarget = { readonly where: string; readonly panel: PanelJson; readonly target: Target };

export function targetsOf(dashboard: DashboardJson): readonly PanelTarget[] {
  return visiblePanels(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({ where: `${panel.title ?? panel.id} ${target.refId}`, panel, target })),
  );
}

/** All PromQL expressions of panels and annotations. */
export function promqlIn(dashboard: DashboardJson): readonly { readonly where: string; readonly expr: string }[] {
  return [
    ...targetsOf(dashboard).flatMap(({ where, target: { expr } }) => (expr === undefined ? [] : [{ where, expr }])),
    ...(dashboard.annotations?.list ?? []).flatMap(({ name, expr }) =>
      expr === undefined ? [] : [{ where: `annotation ${name}`, expr }],
    ),
  ];
}

/** All SQL statements of panels and annotations. */
export function sqlIn(dashboard: DashboardJson): readonly { readonly where: string; readonly target: Target }[] {
  return [
    ...targetsOf(dashboard).filter(({ target }) => target.rawSql !== undefined),
    ...(dashboard.annotations?.list ?? []).flatMap(({ name, target }) =>
      target?.rawSql === undefined
        ? []
        : [{ where: `annotation ${name}`, target: { ...target, format: 'annotation' } }],
    ),
  ];
}

/** The default time range of a dashboard in milliseconds. */
export function spanOf({ time }: DashboardJson): number {
  const [, count, unit] = /^now-(\d+)([hd])$/.exec(time?.from ?? '') ?? [];
  if (count === undefined) throw new Error(`unknown start of the time range: ${time?.from}`);
  return Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000);
}
