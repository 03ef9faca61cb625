/** Decides which elements of a page are not its content: scripts, navigation, consent banners, marks beside headings. */
import type { AnyNode, Element } from 'domhandler';

const neverText = new Set(
  'style template noscript svg iframe object canvas audio video nav select textarea input rt rp rtc head annotation annotation-xml'.split(
    ' ',
  ),
);
const regions = new Set(['navigation', 'banner', 'contentinfo', 'search', 'menu', 'menubar']);

const setOf = (names: string) => new Set(names.split(/\s+/));
/** Names that only generators of documentation use, for furniture (Sphinx, DocBook, Asciidoctor, Read the Docs, MediaWiki). */
const furnitureNames = setOf(
  `toctree-wrapper list-of-tables list-of-figures list-of-examples list-of-equations navheader navfooter sphinxsidebar
  headerlink header-anchor hash-link linenos lineno line-numbers-rows skip-link prev-next-area genindex-jumpbox indextable
  rst-footer-buttons rst-versions mw-editsection mw-jump-link footnote-reference footnote-ref fn-backref footnote-backref
  footnote-back`,
);
/** Names that site themes use for furniture, and writers for their content: they count outside of main and article alone. */
const siteNames = setOf(
  `toc table-of-contents tableofcontents navbar navigation breadcrumb breadcrumbs sidebar related sr-only visually-hidden
  pagination pager authorgroup site-header site-footer page-footer footer`,
);
/** Ids and classes of consent tools: OneTrust, Cookiebot, Usercentrics, TrustArc, Quantcast, Didomi, Osano, iubenda, Klaro and others. */
const consent =
  /^(?:onetrust|ot-sdk|cybotcookiebot|cookiebot|cookieconsent|cc-(?:window|banner|main|revoke)|usercentrics|uc-banner|truste|trustarc|qc-cmp|didomi|osano|iubenda|klaro|tarteaucitron|borlabs|cmplz|cky-|termly|axeptio|sp_message|fc-consent|moove_gdpr|moove-gdpr|ketch-|ccc-|hs-eu-cookie|wpcc|eupopup|cookie-law|cookie-notice|gdpr-|cmp-?(?:container|banner|wrapper|modal))|(?:cookie|consent|gdpr|privacy)[-_]?(?:consent|banner|notice|bar|popup|pop-up|modal|dialog|overlay|message|prompt|alert|disclaimer|toast)/i;
/** What a script shows on demand is content as well: panels of tabs and accordions. */
const collapsible =
  /(?:^|[-_\s])(?:accordion|collaps\w*|tab|tabs|tabpanel|tab-?pane|tab-?content|panel|faq|answer|details|toggle|expand\w*)(?:$|[-_\s])/i;

export type Omission = 'page furniture' | 'hidden parts' | 'deleted text' | 'silent';

export type Place = {
  /** Ids of the elements that buttons and links of the page show. */
  readonly controlled: ReadonlySet<string>;
  /** Whether it stands within a content region. */
  readonly withinContent: boolean;
};

/** @returns null for content */
export function omissionOf(element: Element, { controlled, withinContent }: Place): Omission | null {
  const { name, attribs } = element;
  if (name === 'script') return attribs.type?.startsWith('math/tex') ? null : 'silent';
  if (neverText.has(name)) return name === 'nav' ? 'page furniture' : 'silent';
  if (name === 'del' || name === 's' || name === 'strike' || /line-through/i.test(attribs.style ?? ''))
    return 'deleted text';
  const classes = attribs.class?.toLowerCase().split(/\s+/) ?? [];
  const named = [attribs.id ?? '', ...classes];
  if (named.some((each) => each !== '' && consent.test(each)) && name !== 'body' && name !== 'main')
    return 'page furniture';
  if (isHidden(element) && !isShownOnDemand(element, controlled)) return 'hidden parts';
  if (classes.some((each) => furnitureNames.has(each))) return 'page furniture';
  if (attribs.role !== undefined && regions.has(attribs.role)) return 'page furniture';
  if (/^h[1-6]$/.test(name) && classes.includes('author')) return 'page furniture';
  if (classes.includes('contents') && classes.includes('topic')) return 'page furniture';
  if (name === 'sup' && isFootnoteMark(element, classes)) return 'silent';
  if (name === 'button' && isPlainButton(element)) return 'page furniture';
  if (withinContent) return null;
  if ((name === 'header' || name === 'footer') && isSiteRegion(element)) return 'page furniture';
  if (attribs.role === 'complementary') return 'page furniture';
  if (classes.some((each) => siteNames.has(each))) return 'page furniture';
  // Of the ids only those of whole regions: a heading about "navigation" has that id too.
  const isRegion = name === 'div' || name === 'aside' || name === 'ul';
  return isRegion && siteNames.has(attribs.id?.toLowerCase() ?? '') ? 'page furniture' : null;
}

function isHidden({ name, attribs }: Element): boolean {
  if ('hidden' in attribs || attribs['aria-hidden'] === 'true') return true;
  if (name === 'dialog' && !('open' in attribs)) return true;
  return /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attribs.style ?? '');
}

function isShownOnDemand(element: Element, controlled: ReadonlySet<string>): boolean {
  const { attribs } = element;
  if (attribs.role === 'tabpanel' || attribs.hidden === 'until-found') return true;
  if (attribs['aria-modal'] === 'true' || attribs.role === 'dialog' || element.name === 'dialog') return false;
  if (attribs.id !== undefined && controlled.has(attribs.id)) return true;
  if (collapsible.test(attribs.class ?? '')) return true;
  const before = elementBefore(element);
  if (before === null) return false;
  return before.name === 'button' || 'aria-expanded' in before.attribs || hasTrigger(before);
}

/** A heading or a line whose button shows what follows it. */
function hasTrigger(element: Element): boolean {
  return element.children.some(
    (child) => 'attribs' in child && (child.name === 'button' || 'aria-expanded' in child.attribs),
  );
}

export function elementBefore(element: Element): Element | null {
  for (let node: AnyNode | null = element.prev; node; node = node.prev) if ('attribs' in node) return node;
  return null;
}

/** Buttons that act, such as "Copy"; those that name a panel, or that a sentence mentions, are text. */
function isPlainButton(element: Element): boolean {
  if (isTrigger(element)) return false;
  const { parent } = element;
  if (!parent || !('name' in parent)) return true;
  if (/^(?:h[1-6]|summary|dt|dd|p|li|td|th|span|strong|em|b|label|figcaption)$/.test(parent.name)) return false;
  return !/[?？]\s*$/.test(textOf(element));
}

/** Whether the button shows an answer or a panel. */
function isTrigger({ attribs }: Element): boolean {
  return (
    'aria-expanded' in attribs ||
    'aria-controls' in attribs ||
    'data-bs-toggle' in attribs ||
    'data-toggle' in attribs ||
    attribs.role === 'tab' ||
    collapsible.test(attribs.class ?? '')
  );
}

/** A link to a note, as opposed to an exponent. */
function isFootnoteMark(element: Element, classes: readonly string[]): boolean {
  if (classes.includes('reference') || classes.includes('footnote')) return true;
  const [only, ...more] = element.children.filter((child) => child.type !== 'text' || child.data.trim() !== '');
  return (
    more.length === 0 &&
    only !== undefined &&
    'attribs' in only &&
    only.name === 'a' &&
    /^#/.test(only.attribs.href ?? '')
  );
}

/** A header or a footer with more nodes is judged by its beginning. */
const mostNodes = 2_000;

/** Links and short words only; a header that holds the title, or a footer with sentences, is content. */
function isSiteRegion(element: Element): boolean {
  let characters = 0;
  let linked = 0;
  let hasText = false;
  let hasNavigation = false;
  const waiting: { node: AnyNode; inLink: boolean; inParagraph: boolean }[] = [
    { node: element, inLink: false, inParagraph: false },
  ];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined && seen < mostNodes; next = waiting.pop()) {
    seen++;
    const { node, inLink, inParagraph } = next;
    if (node.type === 'text') {
      const { length } = node.data.trim();
      characters += length;
      if (inLink) linked += length;
      if (inParagraph && length >= 30 && !/©|copyright|all rights reserved/i.test(node.data)) hasText = true;
    } else if ('attribs' in node) {
      if (node.name === 'nav') {
        hasNavigation = true;
        continue;
      }
      const isText = /^(?:p|h1|h2|dd|address|blockquote|td)$/.test(node.name);
      if (node.name === 'h1' && element.name === 'header') hasText = true;
      for (const child of node.children) {
        waiting.push({ node: child, inLink: inLink || node.name === 'a', inParagraph: inParagraph || isText });
      }
    }
  }
  return !hasText || linked > characters / 2 || (hasNavigation && element.name === 'footer');
}

const contentNames =
  /^(?:content|main|main-?content|page-?content|entry-content|post-content|article-(?:body|content)|markdown-body|mw-parser-output|rst-content|prose|notion-page-content)$/i;

/** Whether it is the part of the page that its writer marked as content. */
export function isContentRegion({ name, attribs }: Element): boolean {
  if (name === 'article' || name === 'main' || name === 'section') return true;
  if (/^(?:main|article)$/.test(attribs.role ?? '')) return true;
  if (name !== 'div') return false;
  return (
    contentNames.test(attribs.id ?? '') ||
    (attribs.class?.split(/\s+/).some((each) => contentNames.test(each)) ?? false)
  );
}

/** No recursion: pages nest thousands deep. */
export function textOf(element: Element): string {
  let text = '';
  const waiting: AnyNode[] = [element];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'text') text += node.data;
    else if ('children' in node) for (const child of [...node.children].reverse()) waiting.push(child);
  }
  return text;
}
