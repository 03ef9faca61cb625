/** Repairs what feeds contain although XML does not allow it: control characters, entities of HTML, bare ampersands. */

/** Named as in HTML; a feed that uses another one shows its name. */
const entities: Readonly<Record<string, string>> = {
  nbsp: '\u00a0',
  iexcl: '¡',
  cent: '¢',
  pound: '£',
  yen: '¥',
  sect: '§',
  copy: '©',
  laquo: '«',
  reg: '®',
  deg: '°',
  plusmn: '±',
  sup2: '²',
  sup3: '³',
  acute: '´',
  micro: 'µ',
  para: '¶',
  middot: '·',
  raquo: '»',
  frac14: '¼',
  frac12: '½',
  frac34: '¾',
  times: '×',
  divide: '÷',
  agrave: 'à',
  aacute: 'á',
  acirc: 'â',
  atilde: 'ã',
  auml: 'ä',
  ccedil: 'ç',
  egrave: 'è',
  eacute: 'é',
  ecirc: 'ê',
  euml: 'ë',
  iacute: 'í',
  ntilde: 'ñ',
  oacute: 'ó',
  ocirc: 'ô',
  ouml: 'ö',
  oslash: 'ø',
  szlig: 'ß',
  uacute: 'ú',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  dagger: '†',
  bull: '•',
  hellip: '…',
  permil: '‰',
  prime: '′',
  euro: '€',
  trade: '™',
  larr: '←',
  uarr: '↑',
  rarr: '→',
  darr: '↓',
  harr: '↔',
  minus: '−',
  infin: '∞',
  asymp: '≈',
  ne: '≠',
  le: '≤',
  ge: '≥',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  zwnj: '',
  zwj: '',
  shy: '',
};
const predefined = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);
const cdata = '<![CDATA[';

/** Lines stay where they are. */
export function repairXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  const parts: string[] = [];
  for (let at = 0; at < clean.length; ) {
    const start = clean.indexOf(cdata, at);
    const end = start === -1 ? -1 : clean.indexOf(']]>', start);
    parts.push(repairReferences(clean.slice(at, start === -1 ? undefined : start)));
    if (start === -1) break;
    parts.push(clean.slice(start, end === -1 ? undefined : end + 3));
    at = end === -1 ? clean.length : end + 3;
  }
  return parts.join('');
}

function repairReferences(text: string): string {
  return text.replace(/&(?:#(x?)([0-9a-f]{1,8});|([a-z][a-z0-9]{1,31});)?/gi, (reference, hex, digits, name) => {
    if (digits !== undefined) return isAllowed(Number.parseInt(digits, hex === '' ? 10 : 16)) ? reference : '';
    if (name === undefined) return '&amp;';
    return predefined.has(name) ? reference : Object.hasOwn(entities, name) ? (entities[name] ?? '') : `&amp;${name};`;
  });
}

/** The characters of XML 1.0. */
function isAllowed(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
