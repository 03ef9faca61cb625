/** Finds the labels of tab panels: each panel is read under its own label, the hidden ones included. */
import type { CheerioAPI } from 'cheerio';
import type { AnyNode, Element } from 'domhandler';
import { foldSpace } from '../../text/fold-space.ts';
import { textOf } from './furniture.ts';

export type TabLabels = {
  readonly labelOf: (panel: Element) => string | null;
  /** Whether the element only labels a panel. */
  readonly isTab: (element: Element) => boolean;
};

// ARIA, Bootstrap, MkDocs Material, Sphinx Design.
const tabs =
  '[role=tab], [data-toggle=tab], [data-bs-toggle=tab], [data-bs-toggle=pill], .tabbed-labels > label, .sd-tab-label';
const panels = '[role=tabpanel], .tab-pane, .tabbed-block, .sd-tab-content';

export function findTabs($: CheerioAPI, html: string): TabLabels {
  const labels = new Map<AnyNode, string>();
  const used = new Set<AnyNode>();
  if (/role=["']?tab|toggle=["']?(?:tab|pill)|tabbed-|sd-tab/.test(html)) label($, labels, used);
  return {
    labelOf: (panel) => labels.get(panel) ?? componentLabel(panel),
    isTab: (element) => used.has(element),
  };
}

function label($: CheerioAPI, labels: Map<AnyNode, string>, used: Set<AnyNode>): void {
  const allTabs = $(tabs).toArray();
  const allPanels = $(panels).toArray();
  const panelById = new Map(allPanels.map((panel) => [panel.attribs.id, panel]));
  const tabById = new Map(allTabs.map((tab) => [tab.attribs.id, tab]));
  const put = (tab: Element | undefined, panel: Element | undefined) => {
    if (tab === undefined || panel === undefined || labels.has(panel)) return;
    const text = foldSpace(textOf(tab));
    if (text === '') return;
    labels.set(panel, text);
    used.add(tab);
  };
  for (const tab of allTabs) {
    const { attribs } = tab;
    const target =
      attribs['aria-controls'] ??
      (attribs['data-bs-target'] ?? attribs['data-target'] ?? attribs.href)?.replace(/^#/, '');
    if (target !== undefined) put(tab, panelById.get(target));
  }
  for (const panel of allPanels) {
    const labelled = panel.attribs['aria-labelledby'];
    if (labelled !== undefined) put(tabById.get(labelled), panel);
  }
  // What names no panel stands in the order of the panels.
  const freeTabs = allTabs.filter((tab) => !used.has(tab));
  const freePanels = allPanels.filter((panel) => !labels.has(panel));
  if (freeTabs.length === freePanels.length) for (const [at, tab] of freeTabs.entries()) put(tab, freePanels[at]);
}

/** Components of MDX carry their label: `<TabItem value="win" label="Windows">`, `<Tab title="Windows">`. */
function componentLabel({ name, attribs }: Element): string | null {
  if (name !== 'tabitem' && name !== 'tab') return null;
  return attribs.label ?? attribs.title ?? attribs.value ?? null;
}
