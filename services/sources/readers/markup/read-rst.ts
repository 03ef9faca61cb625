/** reStructuredText → blocks, by way of Markdown. */
import type { Extracted } from '../../text/block.ts';
import { createLeftOutCounter } from '../../text/left-out.ts';
import { sizeOf } from '../../text/passage-size.ts';
import { readMarkdown } from './read-markdown.ts';
import { rstTable } from './rst-table.ts';

const rule = /^([=\-`:.'"~^_*+#<>])\1{2,}\s*$/;
const verbatim = new Set([
  'code',
  'code-block',
  'sourcecode',
  'parsed-literal',
  'literalinclude',
  'math',
  'highlight',
  'prompt',
]);
const dropped = new Set([
  'contents',
  'toctree',
  'raw',
  'index',
  'meta',
  'sectnum',
  'currentmodule',
  'module',
  'highlight',
]);
const missing = new Set(['include', 'literalinclude']);

export function readRst(source: string): Extracted {
  const leftOut = createLeftOutCounter();
  const lines = source
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', '        ').trimEnd());
  const substitutions = new Map<string, string>();
  for (const line of lines) {
    const [, name, text] = /^\s*\.\. \|([^|]+)\| replace:: (.*)$/.exec(line) ?? [];
    if (name !== undefined && text !== undefined) substitutions.set(name, text);
  }
  const signs: string[] = [];
  const { title: _, leftOut: inMarkdown, blocks } = readMarkdown(translated(lines).join('\n'));
  leftOut.addAll(inMarkdown);
  const first = blocks.find((block) => block.kind === 'heading');
  return { title: first?.level === 1 ? first.text : null, blocks, ...leftOut.report() };

  function translated(of: readonly string[]): string[] {
    const written: string[] = [];
    let at = 0;
    while (at < of.length) {
      const line = of[at] ?? '';
      const heading = headingAt(of, at);
      if (heading) {
        written.push('', heading.text, '');
        at += heading.lines;
      } else if (/^\s*\.\. /.test(line) || line.trim() === '..') {
        const end = bodyEnd(of, at + 1, indentOf(line));
        written.push(...directive(line, of.slice(at + 1, end)));
        at = end;
      } else if (/^\s*(?:\+[-=+]{3,}\+|={2,}(?: +={2,})+)$/.test(line)) {
        const table = rstTable(of, at);
        written.push('', ...table.lines.map(inline), '');
        at = table.end;
      } else if (/::$/.test(line) && !/^\s*\.\./.test(line)) {
        const end = bodyEnd(of, at + 1, indentOf(line));
        written.push(inline(line.replace(/\s*::$/, line.trim() === '::' ? '' : ':')), ...fenced(of.slice(at + 1, end)));
        at = end;
      } else {
        written.push(inline(line.replace(/^(\s*)#\.(?= )/, '$11.').replace(/^(\s*)\((\w{1,3})\)(?= )/, '$1$2.')));
        at++;
      }
    }
    return written;
  }

  function headingAt(of: readonly string[], at: number): { text: string; lines: number } | null {
    const [first = '', second = '', third = ''] = of.slice(at, at + 3);
    const over = rule.exec(first)?.[1];
    if (over !== undefined && second.trim() !== '' && rule.exec(third)?.[1] === over) {
      return { text: `${'#'.repeat(levelOf(`${over}${over}`))} ${inline(second.trim())}`, lines: 3 };
    }
    const under = rule.exec(second)?.[1];
    const isTitle = first.trim() !== '' && !/^\s/.test(first) && !rule.test(first) && (of[at - 1] ?? '').trim() === '';
    if (under === undefined || !isTitle || sizeOf(first) > second.trim().length + 2) return null;
    return { text: `${'#'.repeat(levelOf(under))} ${inline(first)}`, lines: 2 };
  }

  function levelOf(sign: string): number {
    if (!signs.includes(sign)) signs.push(sign);
    return Math.min(6, signs.indexOf(sign) + 1);
  }

  function directive(line: string, body: readonly string[]): readonly string[] {
    const [, indent = '', substitution, name, argument = ''] =
      /^(\s*)\.\. (?:\|([^|]+)\| )?([\w:+-]+?):: ?(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      const note = /^\s*\.\. \[[^\]]+\] ?(.*)$/.exec(line);
      return note ? ['', inline(note[1] ?? ''), ...body.map((each) => inline(each.trim())), ''] : [];
    }
    if (substitution !== undefined) return [];
    const options = body.filter((each) => /^\s*:[\w-]+:/.test(each)).map((each) => each.trim());
    const text = dedented(body.filter((each) => !/^\s*:[\w-]+:(?: |$)/.test(each)));
    if (missing.has(name)) leftOut.add('unread parts');
    if (dropped.has(name) || missing.has(name)) return [];
    if (verbatim.has(name))
      return ['', ...fenced([...(name === 'math' && argument !== '' ? [argument] : []), ...text])];
    if (name === 'image' || name === 'figure') {
      const alt =
        options
          .find((each) => each.startsWith(':alt:'))
          ?.slice(5)
          .trim() ?? '';
      return ['', `![${alt}](x)`, '', ...translated(text), ''];
    }
    if (name === 'list-table') return ['', ...listTable(text, argument), ''];
    if (name === 'csv-table') return ['', ...fenced(text)];
    const isPlain =
      /^(?:rubric|topic|sidebar|centered|container|class|compound|epigraph|pull-quote|only|tab-set|dropdown|tab-item)$/.test(
        name,
      );
    if (name === 'tab-item' || name === 'tab') {
      return [
        '',
        `<tabitem label="${argument.replaceAll('"', '&quot;')}">`,
        '',
        ...translated(text),
        '',
        '</tabitem>',
        '',
      ];
    }
    const label = isPlain ? argument : titleOf(name, argument);
    return [
      '',
      ...(label === '' ? [] : [`${indent}**${inline(label)}**`, '']),
      ...translated(text).map((each) => indent + each),
      '',
    ];
  }

  /** Items of items: a row each, its cells beneath. */
  function listTable(body: readonly string[], title: string): readonly string[] {
    const rows: string[][] = [];
    for (const line of body) {
      if (/^\* +-/.test(line)) rows.push([line.replace(/^\* +- ?/, '')]);
      else if (/^ +- ?/.test(line)) rows.at(-1)?.push(line.replace(/^ +- ?/, ''));
      else if (line.trim() !== '') {
        const row = rows.at(-1);
        if (row) row[row.length - 1] += ` ${line.trim()}`;
      }
    }
    const row = (cells: readonly string[]) => `| ${cells.map((cell) => inline(cell.trim())).join(' | ')} |`;
    const [head = [], ...more] = rows;
    return [...(title === '' ? [] : [`**${title}**`, '']), row(head), row(head.map(() => '---')), ...more.map(row)];
  }

  function inline(text: string): string {
    return text
      .split(/(``[^`]+``)/)
      .map((part) => (part.startsWith('``') ? part : prose(part)))
      .join('');
  }

  function prose(text: string): string {
    return text
      .replace(/:(sup|sub):`([^`]+)`/g, '<$1>$2</$1>')
      .replace(/:math:`([^`]+)`/g, '``$1``')
      .replace(/:[\w:+.-]+:`!?~?([^`<]+?)(?:\s*<[^`>]*>)?`/g, '$1')
      .replace(/`([^`<]+?)\s*<[^`>]*>`__?/g, '$1')
      .replace(/`([^`]+)`__?/g, '$1')
      .replace(/(?<![\w`])`([^`]+)`(?!`)/g, '*$1*')
      .replace(/ ?\[(?:#?\w+|\*)\]_/g, '')
      .replace(/\b(\w[\w-]*)_(?=[\s.,;:!?)]|$)/g, '$1')
      .replace(/\|([^|\s][^|]*)\|/g, (all, name: string) => substitutions.get(name) ?? all)
      .replace(/^\s*:([\w][\w -]*): +/, (_, name: string) => `- ${name}: `);
  }
}

function titleOf(name: string, argument: string): string {
  const label = name.charAt(0).toUpperCase() + name.slice(1);
  if (/^(?:note|tip|warning|caution|important|attention|danger|error|hint|seealso)$/.test(name)) {
    return argument === '' ? label : `${label}: ${argument}`;
  }
  if (name === 'admonition') return argument;
  return /^(?:versionadded|versionchanged|deprecated)$/.test(name) ? `${label} ${argument}` : argument;
}

function fenced(lines: readonly string[]): readonly string[] {
  const body = dedented(lines);
  while (body[0]?.trim() === '') body.shift();
  while (body.at(-1)?.trim() === '') body.pop();
  return body.length === 0 ? [''] : ['', '````', ...body, '````', ''];
}

function dedented(lines: readonly string[]): string[] {
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map(indentOf), 100);
  return lines.map((line) => line.slice(indent));
}

/** Where the lines that are indented further end. */
function bodyEnd(lines: readonly string[], from: number, indent: number): number {
  let end = from;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (indentOf(line) <= indent) break;
    end = at + 1;
  }
  return end;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
