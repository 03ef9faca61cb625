/** Builds workbooks, presentations and Word documents from their parts. */
import fc from 'fast-check';
import { zip } from './zip.ts';

const ooxml = 'http://schemas.openxmlformats.org';
const officeTypes = 'application/vnd.openxmlformats-officedocument';
const xml = (text: string) => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`;

/** @param targets kind and relative path by the id of the relation */
export function relations(targets: Readonly<Record<string, readonly [kind: string, target: string]>>): string {
  const each = Object.entries(targets).map(
    ([id, [kind, target]]) =>
      `<Relationship Id="${id}" Type="${ooxml}/officeDocument/2006/relationships/${kind}" Target="${target}"/>`,
  );
  return xml(`<Relationships xmlns="${ooxml}/package/2006/relationships">${each.join('')}</Relationships>`);
}

function types(parts: Readonly<Record<string, string>>): string {
  const each = Object.entries(parts).map(([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`);
  const rels = 'application/vnd.openxmlformats-package.relationships+xml';
  const usual = `<Default Extension="rels" ContentType="${rels}"/><Default Extension="xml" ContentType="application/xml"/>`;
  return xml(`<Types xmlns="${ooxml}/package/2006/content-types">${usual}${each.join('')}</Types>`);
}

export type SheetParts = {
  readonly name: string;
  /** `hidden` or `veryHidden`. */
  readonly state?: string;
  /** The content of `worksheet`. */
  readonly body: string;
  /** Its relations by id. */
  readonly leads?: Parameters<typeof relations>[0];
};

export type WorkbookParts = {
  readonly sheets: readonly SheetParts[];
  readonly shared?: readonly string[];
  /** Number formats; cells refer to them by position, from 1. */
  readonly patterns?: readonly string[];
  /** Ids of built-in number formats, after the others. */
  readonly builtIn?: readonly number[];
  readonly from1904?: boolean;
  readonly mainType?: string;
  readonly files?: Readonly<Record<string, string>>;
};

export function workbookFiles(parts: WorkbookParts): Record<string, string> {
  const { sheets, shared = [], patterns = [], builtIn = [], from1904 = false, files = {} } = parts;
  const mainType = parts.mainType ?? `${officeTypes}.spreadsheetml.sheet.main+xml`;
  const main = `xmlns="${ooxml}/spreadsheetml/2006/main" xmlns:r="${ooxml}/officeDocument/2006/relationships"`;
  const entries = sheets.map(
    ({ name, state = 'visible' }, at) => `<sheet name="${name}" sheetId="${at + 7}" state="${state}" r:id="s${at}"/>`,
  );
  const ids = [...patterns.map((_, at) => 164 + at), ...builtIn];
  const formats = patterns.map((pattern, at) => `<numFmt numFmtId="${164 + at}" formatCode="${escaped(pattern)}"/>`);
  return {
    '[Content_Types].xml': types({ 'xl/workbook.xml': mainType }),
    '_rels/.rels': relations({ r1: ['officeDocument', 'xl/workbook.xml'] }),
    'xl/workbook.xml': xml(
      `<workbook ${main}><workbookPr date1904="${from1904 ? 1 : 0}"/><sheets>${entries.join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': relations({
      ...Object.fromEntries(sheets.map((_, at) => [`s${at}`, ['worksheet', `worksheets/sheet${at}.xml`] as const])),
      strings: ['sharedStrings', '/xl/sharedStrings.xml'],
      styles: ['styles', 'styles.xml'],
    }),
    'xl/sharedStrings.xml': xml(`<sst ${main}>${shared.map((each) => `<si>${each}</si>`).join('')}</sst>`),
    'xl/styles.xml': xml(
      `<styleSheet ${main}><numFmts>${formats.join('')}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>` +
        `<cellXfs><xf numFmtId="0"/>${ids.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    ),
    ...Object.fromEntries(
      sheets.map(({ body }, at) => [`xl/worksheets/sheet${at}.xml`, xml(`<worksheet ${main}>${body}</worksheet>`)]),
    ),
    ...Object.fromEntries(
      sheets.flatMap(({ leads }, at) => (leads ? [[`xl/worksheets/_rels/sheet${at}.xml.rels`, relations(leads)]] : [])),
    ),
    ...files,
  };
}

export const workbook = (parts: WorkbookParts): Buffer => zip(workbookFiles(parts));

/** Rows of texts and numbers; null: an empty cell, an empty list: an empty row. */
export function sheetData(rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = (row: readonly (string | number | null)[], number: number) =>
    row.map((value, at) => {
      const place = `r="${String.fromCharCode(65 + at)}${number}"`;
      if (value === null) return `<c ${place}/>`;
      if (typeof value === 'number') return `<c ${place}><v>${value}</v></c>`;
      return `<c ${place} t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
    });
  const filled = rows.map((row, at) =>
    row.length === 0 ? '' : `<row r="${at + 1}">${cells(row, at + 1).join('')}</row>`,
  );
  return `<sheetData>${filled.join('')}</sheetData>`;
}

export type SlideParts = {
  /** The content of `p:spTree`. */
  readonly shapes: string;
  readonly hidden?: boolean;
  readonly notes?: string;
  readonly leads?: Parameters<typeof relations>[0];
};

export type PresentationParts = {
  readonly slides: readonly SlideParts[];
  readonly mainType?: string;
  readonly files?: Readonly<Record<string, string>>;
};

export function presentationFiles({ slides, mainType, files = {} }: PresentationParts): Record<string, string> {
  const names = `xmlns:a="${ooxml}/drawingml/2006/main" xmlns:p="${ooxml}/presentationml/2006/main" xmlns:r="${ooxml}/officeDocument/2006/relationships"`;
  const tree = (shapes: string) => `<p:cSld><p:spTree>${shapes}</p:spTree></p:cSld>`;
  const made: Record<string, string> = {
    '[Content_Types].xml': types({
      'ppt/presentation.xml': mainType ?? `${officeTypes}.presentationml.presentation.main+xml`,
    }),
    '_rels/.rels': relations({ r1: ['officeDocument', 'ppt/presentation.xml'] }),
    'ppt/presentation.xml': xml(
      `<p:presentation ${names}><p:sldIdLst>${slides
        .map((_, at) => `<p:sldId id="${at + 256}" r:id="s${at}"/>`)
        .join('')}</p:sldIdLst></p:presentation>`,
    ),
    // Parts are numbered by creation, not by the order of slides.
    'ppt/_rels/presentation.xml.rels': relations(
      Object.fromEntries(slides.map((_, at) => [`s${at}`, ['slide', `slides/slide${slides.length - at}.xml`]])),
    ),
  };
  for (const [at, { shapes, hidden, notes, leads = {} }] of slides.entries()) {
    const file = `slide${slides.length - at}.xml`;
    made[`ppt/slides/${file}`] = xml(`<p:sld ${names}${hidden ? ' show="0"' : ''}>${tree(shapes)}</p:sld>`);
    made[`ppt/slides/_rels/${file}.rels`] = relations({
      ...leads,
      ...(notes !== undefined && { n: ['notesSlide', `../notesSlides/${file}`] as const }),
    });
    if (notes !== undefined) {
      made[`ppt/notesSlides/${file}`] = xml(`<p:notes ${names}>${tree(notes)}</p:notes>`);
    }
  }
  return { ...made, ...files };
}

export const presentation = (parts: PresentationParts): Buffer => zip(presentationFiles(parts));

/** @param place in the layout; null: none @param lines one paragraph each */
export function shape(place: string | null, ...lines: readonly string[]): string {
  const ph = place === null ? '' : `<p:ph${place === '' ? '' : ` type="${place}"`}/>`;
  const paragraphs = lines.map((line) => `<a:p><a:r><a:t>${escaped(line)}</a:t></a:r></a:p>`);
  return `<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:nvPr>${ph}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs.join('')}</p:txBody></p:sp>`;
}

export type WordParts = {
  /** Everything within `w:body`. */
  readonly body: string;
  /** Elements within `w:styles`, `w:numbering` and the header. */
  readonly styles?: string;
  readonly numbering?: string;
  readonly header?: string;
};

export function wordDocument({ body, styles = '', numbering = '', header = '' }: WordParts): Buffer {
  const names = `xmlns:w="${ooxml}/wordprocessingml/2006/main"`;
  return zip({
    '[Content_Types].xml': types({ 'word/document.xml': `${officeTypes}.wordprocessingml.document.main+xml` }),
    '_rels/.rels': relations({ r1: ['officeDocument', 'word/document.xml'] }),
    'word/_rels/document.xml.rels': relations({
      r1: ['styles', 'styles.xml'],
      r2: ['numbering', 'numbering.xml'],
      r3: ['header', 'header1.xml'],
    }),
    'word/document.xml': xml(`<w:document ${names}><w:body>${body}</w:body></w:document>`),
    'word/styles.xml': xml(`<w:styles ${names}>${styles}</w:styles>`),
    'word/numbering.xml': xml(`<w:numbering ${names}>${numbering}</w:numbering>`),
    'word/header1.xml': xml(`<w:hdr ${names}>${header}</w:hdr>`),
  });
}

/** An Office file with a password: a compound file as before 2007 that contains the archive. */
export function encryptedOffice(): Buffer {
  const bytes = Buffer.alloc(4_096);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
  Buffer.from('EncryptedPackage', 'utf16le').copy(bytes, 1_152);
  return bytes;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Archives of these files with one character removed or replaced. */
export function damaged(files: Readonly<Record<string, string>>): fc.Arbitrary<Buffer> {
  const names = Object.keys(files);
  return fc
    .tuple(fc.nat(names.length - 1), fc.nat(2_000), fc.constantFrom('', '<', '"', '>', '&', '9'))
    .map(([file, at, put]) => {
      const name = names[file] ?? '';
      const text = files[name] ?? '';
      const from = at % text.length;
      return zip({ ...files, [name]: text.slice(0, from) + put + text.slice(from + 1) });
    });
}
