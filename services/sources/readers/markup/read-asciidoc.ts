/** AsciiDoc → blocks, by way of Markdown. */
import type { Extracted } from '../../text/block.ts';
import { createLeftOutCounter } from '../../text/left-out.ts';
import { readMarkdown } from './read-markdown.ts';

const admonitions = /^\[(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$/;

export function readAsciiDoc(source: string): Extracted {
  const leftOut = createLeftOutCounter();
  const attributes = new Map<string, string>();
  const written: string[] = [];
  let verbatim: string | null = null;
  let comment = false;
  let table: string[] | null = null;
  for (const original of source.replace(/\r\n?/g, '\n').split('\n')) {
    const line = original.trimEnd();
    if (verbatim !== null) {
      written.push(line === verbatim ? '````' : original);
      if (line === verbatim) verbatim = null;
    } else if (line === '////') comment = !comment;
    else if (comment || (line.startsWith('//') && !line.startsWith('///'))) continue;
    else if (/^(?:-{4,}|\.{4,}|\+{4,}|`{3,}.*)$/.test(line)) {
      verbatim = line.startsWith('```') ? '```' : line;
      written.push('', '````');
    } else if (line === '|===') {
      if (table !== null) written.push('', ...markdownTable(table), '');
      table = table === null ? [] : null;
    } else if (table !== null) table.push(inline(line));
    else if (/^(?:include)::/.test(line)) leftOut.add('unread parts');
    else if (/^(?:ifdef|ifndef|ifeval|endif|toc)::/.test(line)) continue;
    else {
      const attribute = /^:([\w-]+):\s*(.*)$/.exec(line);
      if (attribute?.[1] !== undefined) attributes.set(attribute[1], attribute[2] ?? '');
      else written.push(...block(line));
    }
  }
  if (table !== null) written.push(...markdownTable(table));
  const { leftOut: inMarkdown, ...extracted } = readMarkdown(written.join('\n'));
  leftOut.addAll(inMarkdown);
  return { ...extracted, ...leftOut.report() };

  function block(line: string): readonly string[] {
    const heading = /^(={1,6}|#{1,6}) +(.+?)(?: +=+)?$/.exec(line);
    if (heading) return ['', `${'#'.repeat(heading[1]?.length ?? 1)} ${inline(heading[2] ?? '')}`, ''];
    const admonition = admonitions.exec(line)?.[1];
    if (admonition !== undefined) return ['', `**${admonition.charAt(0)}${admonition.slice(1).toLowerCase()}**`, ''];
    if (/^\[[^\]]*\]\s*$/.test(line) || /^(?:={4,}|\*{4,}|_{4,}|--)$/.test(line)) return [''];
    if (line === '+') return [''];
    const title = /^\.([^\s.].*)$/.exec(line)?.[1];
    if (title !== undefined) return ['', `**${inline(title)}**`, ''];
    const list = /^ *([*-]{1,6}|\.{1,6}) +(.*)$/.exec(line);
    if (list?.[1] !== undefined) {
      const depth = list[1].startsWith('-') ? 1 : list[1].length;
      return [`${'    '.repeat(depth - 1)}${list[1].startsWith('.') ? '1.' : '-'} ${inline(list[2] ?? '')}`];
    }
    const term = /^ *(\S.*?):{2,4}(?: +(.*))?$/.exec(line);
    if (term && !/^(?:image|video|audio)$/.test(term[1] ?? ''))
      return ['', `- ${inline(term[1] ?? '')}: ${inline(term[2] ?? '')}`];
    const image = /^image::[^[]*\[(?:"([^"]*)"|([^,\]]*))/.exec(line);
    if (image) return ['', `![${image[1] ?? image[2] ?? ''}](x)`, ''];
    return [inline(line)];
  }

  function inline(text: string): string {
    return text
      .split(/(`[^`]+`)/)
      .map((part) => (part.startsWith('`') ? part : prose(part)))
      .join('');
  }

  function prose(text: string): string {
    return text
      .replace(/\{([\w-]+)\}/g, (all, name: string) => attributes.get(name) ?? all)
      .replace(/\[(?:line-through|\.line-through)\]#([^#]*)#/g, (_, struck: string) => `~~${struck}~~`)
      .replace(
        /(?:link:|https?:\/\/|mailto:|xref:)[^\s[\]]{0,500}\[([^\]]*)\]/g,
        (all, label: string) => label.replace(/,.*$/, '') || all.replace(/\[.*$/, ''),
      )
      .replace(/<<([^,>]*)(?:, *([^>]*))?>>/g, (_, id: string, label?: string) => label ?? id)
      .replace(/footnote:[\w-]*\[([^\]]*)\]/g, ' ($1)')
      .replace(/(?:stem|latexmath|asciimath):\[([^\]]*)\]/g, '`$1`')
      .replace(/image:[^\s[]+\[([^,\]]*)[^\]]*\]/g, '$1')
      .replace(/\^([^\s^]+)\^/g, '<sup>$1</sup>')
      .replace(/~([^\s~]+)~(?!~)/g, (all, low: string, at: number) =>
        text.charAt(at - 1) === '~' ? all : `<sub>${low}</sub>`,
      )
      .replace(/ \+$/, '  ');
  }
}

/** Cells stand one a line, or all of a row on one. */
function markdownTable(lines: readonly string[]): readonly string[] {
  const rows: string[][] = [];
  let columns = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const cells = line
      .split(/(?:^|\s)(?:\d*\.?\d*\+)?[<^>.]*[aehlmsv]?\|/)
      .slice(1)
      .map((cell) => cell.trim());
    if (cells.length === 0) {
      const last = rows.at(-1);
      if (last) last[last.length - 1] = `${last.at(-1)} ${line.trim()}`;
      continue;
    }
    columns = Math.max(columns, rows.length === 0 ? cells.length : 0);
    const open = rows.at(-1);
    if (open && open.length < columns) open.push(...cells);
    else rows.push(cells);
  }
  const [head = [], ...body] = rows;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...body.map(row)];
}
