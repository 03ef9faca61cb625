/** Reads a board's JSON as Grafana does: every panel, those of closed rows too, every target, annotation and variable. */

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

export type BoardJson = {
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

/** Rows among them, and the panels inside of them. */
export function panelsOf({ panels }: BoardJson): readonly PanelJson[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** Those that show something. */
export function shownIn(board: BoardJson): readonly PanelJson[] {
  return panelsOf(board).filter(({ type }) => type !== 'row');
}

export type Asked = { readonly where: string; readonly panel: PanelJson; readonly target: Target };

export function targetsOf(board: BoardJson): readonly Asked[] {
  return shownIn(board).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({ where: `${panel.title ?? panel.id} ${target.refId}`, panel, target })),
  );
}

/** Every PromQL expression, wherever it stands. */
export function promqlIn(board: BoardJson): readonly { readonly where: string; readonly expr: string }[] {
  return [
    ...targetsOf(board).flatMap(({ where, target: { expr } }) => (expr === undefined ? [] : [{ where, expr }])),
    ...(board.annotations?.list ?? []).flatMap(({ name, expr }) =>
      expr === undefined ? [] : [{ where: `annotation ${name}`, expr }],
    ),
  ];
}

/** Every SQL statement, wherever it stands. */
export function sqlIn(board: BoardJson): readonly { readonly where: string; readonly target: Target }[] {
  return [
    ...targetsOf(board).filter(({ target }) => target.rawSql !== undefined),
    ...(board.annotations?.list ?? []).flatMap(({ name, target }) =>
      target?.rawSql === undefined
        ? []
        : [{ where: `annotation ${name}`, target: { ...target, format: 'annotation' } }],
    ),
  ];
}

/** How much time a board shows when it is opened, in milliseconds. */
export function spanOf({ time }: BoardJson): number {
  const [, count, unit] = /^now-(\d+)([hd])$/.exec(time?.from ?? '') ?? [];
  if (count === undefined) throw new Error(`a board opens at ${time?.from}`);
  return Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000);
}
