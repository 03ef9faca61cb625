/** Makes PDFs for tests: text of Helvetica, Courier or a Japanese font at given places, in points from the lower left corner. */

export type PdfText = readonly [text: string, x: number, y: number, size?: number, font?: PdfFont];
/** Helvetica, Courier, Japanese in lines, Japanese in columns. */
export type PdfFont = 'F' | 'C' | 'J' | 'V';
export type PdfPage = {
  readonly texts: readonly PdfText[];
  /** Degrees, as the page's `/Rotate`. */
  readonly rotate?: number;
  /** Drawn before the texts: operators of the content stream. */
  readonly drawn?: string;
  /** Text fields and check boxes: their values, and where they stand. */
  readonly fields?: readonly PdfField[];
};
export type PdfField = { readonly value: string | true; readonly rect: readonly [number, number, number, number] };

/** @param info entries of the information dictionary: `/Title(Handbook)` */
export function pdf(pages: readonly (PdfPage | readonly PdfText[])[], info = ''): Buffer {
  const objects: string[] = [];
  const add = (object: string): string => {
    objects.push(object);
    return `${objects.length} 0 R`;
  };
  const catalog = add('');
  const tree = add('');
  const helvetica = add('<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>');
  const metadata = add(`<<${info}>>`);
  const courier = add('<</Type/Font/Subtype/Type1/BaseFont/Courier>>');
  const japanese = ['H', 'V'].map((direction) => {
    const descendant = add(
      '<</Type/Font/Subtype/CIDFontType0/BaseFont/Made/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 6>>>>',
    );
    return add(
      `<</Type/Font/Subtype/Type0/BaseFont/Made/Encoding/UniJIS-UTF16-${direction}/DescendantFonts[${descendant}]>>`,
    );
  });
  const resources = `/Resources<</Font<</F ${helvetica}/C ${courier}/J ${japanese[0]}/V ${japanese[1]}>>>>`;
  const fieldReferences: string[] = [];
  const kids = pages.map((page) => {
    const { texts, rotate = 0, drawn = '', fields = [] }: PdfPage = 'texts' in page ? page : { texts: page };
    const content = `${drawn}\n${texts.map(drawnText).join('\n')}`;
    const contents = add(`<</Length ${content.length}>>stream\n${content}\nendstream`);
    const annotations = fields.map((field, at) => add(fieldObject(field, at)));
    fieldReferences.push(...annotations);
    return add(
      `<</Type/Page/Parent ${tree}/MediaBox[0 0 595 842]/Rotate ${rotate}${resources}/Contents ${contents}/Annots[${annotations.join(' ')}]>>`,
    );
  });
  objects[0] = `<</Type/Catalog/Pages ${tree}/AcroForm<</Fields[${fieldReferences.join(' ')}]>>>>`;
  objects[1] = `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${kids.length}>>`;
  return assembled(objects, catalog, metadata);
}

/** Writes objects as a file, with their table. */
export function assembled(objects: readonly string[], root: string, info: string | null = null): Buffer {
  let file = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const trailer = `trailer <</Size ${size}/Root ${root}${info === null ? '' : `/Info ${info}`}>>\nstartxref\n${file.length}\n%%EOF`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}${trailer}`, 'latin1');
}

function drawnText([text, x, y, size = 10, font = 'F']: PdfText): string {
  const shown = font === 'J' || font === 'V' ? `<${utf16(text)}>` : `(${text.replace(/[()\\]/g, '\\$&')})`;
  return `BT /${font} ${size} Tf ${x} ${y} Td ${shown} Tj ET`;
}

function utf16(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}

function fieldObject({ value, rect }: PdfField, at: number): string {
  const common = `<</Type/Annot/Subtype/Widget/Rect[${rect.join(' ')}]/T(field${at})`;
  return value === true
    ? `${common}/FT/Btn/V/Yes/AS/Yes/AP<</N<</Yes<<>>/Off<<>>>>>>>>`
    : `${common}/FT/Tx/V(${value})>>`;
}
