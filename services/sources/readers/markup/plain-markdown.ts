/** Rewrites what dialects add to Markdown into plain Markdown and HTML: ids, callouts, tabs, MDX. Code is left as it is. */

const opensFence = /^ {0,3}(?:> ?| {0,3}(?:[-*+]|\d{1,9}[.)]) {1,4})*\s{0,12}(`{3,}(?=[^`]*$)|~{3,})/;
const note = /^ {0,3}\[\^([\w-]{1,100})\]:[ \t]*/;
const mdxImport = /^import\s+(?:[\w*{][^'"]{0,500}\sfrom\s+)?(['"])[^'"]{1,500}\1;?\s*$/;
const mdxExport =
  /^export\s+(?:(?:const|let|var|function|class|async)\s+[\w{[]|default\s+(?:function|class|async|\(|\{|\w+;?\s*$))/;
/** MkDocs: `!!! note "Title"`, `??? tip`, `=== "Tab"`, each over an indented body. */
const mkdocs = /^( *)(!!!|\?\?\?\+?|===[!+]?) +(?:([\w-]+(?: [\w-]+)*) *)?(?:"([^"]*)")? *$/;
/** Docusaurus and VitePress: `:::note[Title]`, `::: tip Title`. */
const colons = /^( *):{3,} *(?:([\w-]+)(?:\[([^\]]*)\]| +([^{}]*))?(?:\{[^}]*\})? *)?$/;
const alert = /^((?: {0,3}> ?)+)\[!(\w+)\][+-]?[ \t]*(.*)$/;

/** @returns the text, and the footnotes that it defines */
export function plainMarkdown(source: string): { readonly text: string; readonly notes: ReadonlySet<string> } {
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  const notes = new Set<string>();
  const written: string[] = [];
  /** Bodies that are indented under a callout or a tab: how far, and what ends them. */
  const bodies: { readonly indent: number; readonly end: string }[] = [];
  let fence: string | null = null;
  let inExport = false;
  let previous = '';
  for (const original of lines) {
    let line = original;
    while (bodies.length > 0 && fence === null && line.trim() !== '' && indentOf(line) < (bodies.at(-1)?.indent ?? 0)) {
      written.push('', bodies.pop()?.end ?? '', '');
    }
    line = line.slice(Math.min(bodies.at(-1)?.indent ?? 0, indentOf(line)));
    const marks = opensFence.exec(line)?.[1];
    if (fence !== null) {
      if (closes(line, fence)) fence = null;
    } else if (marks !== undefined) fence = marks;
    else if (inExport) {
      if (line.trim() === '') inExport = false;
      line = '';
    } else if (indentOf(line) >= 4 && (previous.trim() === '' || indentOf(previous) >= 4)) {
      // Indented code, or the continuation of a list's item: nothing in it is a dialect's.
    } else line = rewritten(line);
    written.push(line);
    previous = line;
  }
  for (const { end } of bodies.toReversed()) written.push('', end);
  return { text: written.join('\n'), notes };

  function rewritten(line: string): string {
    if (mdxImport.test(line)) return '';
    if (mdxExport.test(line)) {
      inExport = true;
      return '';
    }
    const defined = note.exec(line);
    if (defined?.[1] !== undefined) {
      notes.add(defined[1]);
      return line.slice(defined[0].length);
    }
    const [, indent = '', sign, kind = '', title = ''] = mkdocs.exec(line) ?? [];
    if (sign !== undefined && (kind !== '' || title !== '')) {
      bodies.push({ indent: indentOf(line) + 4, end: sign.startsWith('===') ? '</tabitem>' : '' });
      const label = title === '' ? named(kind) : title;
      return sign.startsWith('===') ? `\n${indent}<tabitem label="${escaped(label)}">\n` : `\n${indent}**${label}**\n`;
    }
    const callout = colons.exec(line);
    if (callout) {
      const own = (callout[3] ?? callout[4] ?? '').trim();
      return own === '' ? '' : `\n${callout[1]}**${own}**\n`;
    }
    const alerted = alert.exec(line);
    if (alerted) return `${alerted[1]}${[named(alerted[2] ?? ''), alerted[3]].filter(Boolean).join(': ')}  `;
    if (/^ {0,3}\[(?:toc|\[_?toc_?\])\]\s*$/i.test(line) || /^\{\/\*.*\*\/\}\s*$/.test(line)) return '';
    return /^ {0,3}#{1,6} /.test(line) ? withoutId(line) : line;
  }
}

/** No pattern over the whole line: it may hold a very long run of spaces. */
function withoutId(line: string): string {
  const trimmed = line.trimEnd();
  if (!trimmed.endsWith('}')) return line;
  const at = trimmed.lastIndexOf('{');
  return /^\{[#.:][\w .:#="-]*\}$/.test(trimmed.slice(at)) ? trimmed.slice(0, at).trimEnd() : line;
}

function closes(line: string, fence: string): boolean {
  const trimmed = line.replace(/^[\s>]+/, '').trimEnd();
  return trimmed.length >= fence.length && [...trimmed].every((sign) => sign === fence.charAt(0));
}

function indentOf(line: string): number {
  let columns = 0;
  while (line.charAt(columns) === ' ') columns++;
  return line.charAt(columns) === '\t' ? columns + 4 : columns;
}

const named = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
