/** Which elements of a page are not its content: scripts, navigation, tables of contents, marks beside headings. */
import type { Element } from 'domhandler';

const tags = new Set(
  'script style template noscript svg iframe object canvas audio video nav button select textarea input rt rp head'.split(
    ' ',
  ),
);
const roles = new Set(['navigation', 'banner', 'contentinfo', 'search', 'complementary', 'menu', 'menubar']);

// The names that DocBook, Sphinx, docutils, Asciidoctor, Read the Docs, MediaWiki and common site themes give to chrome.
const names = new Set(
  `toc toctree-wrapper table-of-contents tableofcontents list-of-tables list-of-figures list-of-examples
  list-of-equations navheader navfooter navbar navigation breadcrumb breadcrumbs sphinxsidebar sidebar related
  headerlink header-anchor hash-link linenos lineno line-numbers-rows skip-link sr-only visually-hidden pagination pager
  prev-next-area genindex-jumpbox indextable authorgroup rst-footer-buttons rst-versions mw-editsection mw-jump-link footnote-reference footnote-ref fn-backref
  footnote-backref footnote-back cookie-banner cookie-consent site-header site-footer page-footer footer`.split(/\s+/),
);

/** Whether the element and all in it are left out. */
export function isChrome(element: Element): boolean {
  const { name, attribs } = element;
  if (tags.has(name) || 'hidden' in attribs || attribs['aria-hidden'] === 'true') return true;
  if (attribs.role !== undefined && roles.has(attribs.role)) return true;
  if ((name === 'header' || name === 'footer') && !isWithinArticle(element)) return true;
  const classes = attribs.class?.toLowerCase().split(/\s+/) ?? [];
  if (classes.some((each) => names.has(each))) return true;
  // Of the ids only those of whole regions: a heading about "navigation" is called so too.
  if ((name === 'div' || name === 'aside' || name === 'ul') && names.has(attribs.id?.toLowerCase() ?? '')) return true;
  return (
    (/^h[1-6]$/.test(name) && classes.includes('author')) ||
    (classes.includes('contents') && classes.includes('topic')) ||
    (name === 'sup' && (classes.includes('reference') || classes.includes('footnote')))
  );
}

/** A page's own header stands outside of its articles; the one inside holds the title. */
function isWithinArticle(element: Element): boolean {
  for (let above = element.parent; above; above = above.parent) {
    if ('name' in above && (above.name === 'article' || above.name === 'main' || above.name === 'section')) return true;
  }
  return false;
}
