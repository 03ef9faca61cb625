/** Automatic numbers of a Word document as they are shown: 第3条, 2.1, (a), ①. */
import type { XmlElement } from '@rgrove/parse-xml';
import { letterNumber, romanNumber } from '../../html/inline.ts';
import { childNamed, childrenNamed, elementsNamed, valOf } from '../../xml-elements.ts';
import { parsePart } from '../xml-parts.ts';
import { attribute, type WordStyle } from './styles.ts';

type Level = {
  readonly start: number;
  readonly format: string;
  readonly text: string;
  readonly isGlued: boolean;
  readonly isLegal: boolean;
};
type Num = {
  readonly list: string;
  readonly starts: ReadonlyMap<number, number>;
  readonly levels: ReadonlyMap<number, Level>;
};

export type Numbering = {
  /** The next number of that list, with the space that follows it; empty for bullets; null: the paragraph is no item. */
  readonly next: (own: XmlElement | null, style: WordStyle | undefined) => string | null;
};

const deepest = 8;

/** @param numbering the part; null: the document has none */
export function readNumbering(numbering: Uint8Array | null, styles: ReadonlyMap<string, WordStyle>): Numbering {
  const lists = new Map<string, ReadonlyMap<number, Level>>();
  const links = new Map<string, string>();
  const nums = new Map<string, Num>();
  const root = numbering === null ? null : parsePart(numbering);
  for (const list of root === null ? [] : elementsNamed(root, 'abstractNum')) {
    const id = attribute(list, 'abstractNumId') ?? '';
    lists.set(id, levelsOf(list));
    const link = valOf(childNamed(list, 'numStyleLink'));
    if (link !== null) links.set(id, link);
  }
  for (const num of root === null ? [] : elementsNamed(root, 'num')) {
    const overrides = childrenNamed(num, 'lvlOverride');
    const starts = overrides.flatMap((each) => {
      const start = valOf(childNamed(each, 'startOverride'));
      return start === null ? [] : [[Number(attribute(each, 'ilvl')), Number(start)] as const];
    });
    nums.set(attribute(num, 'numId') ?? '', {
      list: valOf(childNamed(num, 'abstractNumId')) ?? '',
      starts: new Map(starts),
      levels: new Map(overrides.flatMap((each) => [...levelsOf(each)])),
    });
  }
  const counters = new Map<string, (number | undefined)[]>();
  const begun = new Set<string>();

  function resolved(id: string): Num | undefined {
    const num = nums.get(id);
    const link = num && links.get(num.list);
    if (num === undefined || link === undefined) return num;
    for (const properties of styles.get(link)?.paragraph ?? []) {
      const other = valOf(child(properties, 'numPr', 'numId'));
      if (other !== null && other !== id) return nums.get(other) ?? num;
    }
    return num;
  }

  return {
    next(own, style) {
      const { id, level } = place(own, style);
      const num = id === null || id === '0' ? undefined : resolved(id);
      if (id === null || num === undefined) return null;
      const levelAt = (at: number) => num.levels.get(at) ?? lists.get(num.list)?.get(at);
      const here = levelAt(level);
      if (here === undefined) return '';
      const counts = counters.get(num.list) ?? [];
      counters.set(num.list, counts);
      const restart = num.starts.get(level);
      const restarts = restart !== undefined && !begun.has(`${id} ${level}`);
      begun.add(`${id} ${level}`);
      const count = counts[level];
      counts[level] = restarts ? restart : count === undefined ? here.start : count + 1;
      counts.length = level + 1;
      if (here.format === 'bullet') return '';
      const text = here.text.replace(/%([1-9])/g, (_, digit: string) => {
        const at = Number(digit) - 1;
        const shown = levelAt(at);
        counts[at] ??= shown?.start ?? 1;
        return formatNumber(counts[at] ?? 1, here.isLegal && at < level ? 'decimal' : (shown?.format ?? 'decimal'));
      });
      return text.trim() === '' ? '' : here.isGlued ? text : `${text.trimEnd()} `;
    },
  };
}

/** Where the paragraph stands in a list: by its own properties, else by its style. */
function place(own: XmlElement | null, style: WordStyle | undefined): { id: string | null; level: number } {
  let id: string | null = null;
  let level: string | null = null;
  for (const properties of [own, ...(style?.paragraph ?? [])]) {
    if (properties === null) continue;
    id ??= valOf(child(properties, 'numPr', 'numId'));
    level ??= valOf(child(properties, 'numPr', 'ilvl'));
  }
  return { id, level: Math.min(deepest, Math.max(0, Number(level ?? 0) || 0)) };
}

function child(of: XmlElement, ...path: readonly string[]): XmlElement | null {
  let element: XmlElement | null = of;
  for (const name of path) element = element && childNamed(element, name);
  return element;
}

function levelsOf(list: XmlElement): ReadonlyMap<number, Level> {
  return new Map(
    childrenNamed(list, 'lvl').map((level) => [
      Number(attribute(level, 'ilvl') ?? 0),
      {
        start: Number(valOf(childNamed(level, 'start')) ?? 1),
        format: valOf(childNamed(level, 'numFmt')) ?? 'decimal',
        text: valOf(childNamed(level, 'lvlText')) ?? '',
        isGlued: valOf(childNamed(level, 'suff')) === 'nothing',
        isLegal: childNamed(level, 'isLgl') !== null,
      },
    ]),
  );
}

const series: Readonly<Record<string, string>> = {
  aiueo: 'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ',
  aiueoFullWidth: 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン',
  iroha: 'ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽ',
  irohaFullWidth: 'イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス',
  ideographTraditional: '甲乙丙丁戊己庚辛壬癸',
  ideographZodiac: '子丑寅卯辰巳午未申酉戌亥',
  decimalEnclosedCircle: '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳',
  decimalEnclosedCircleChinese: '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳',
  ideographEnclosedCircle: '㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉',
  decimalEnclosedParen: '⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇',
  decimalEnclosedFullstop: '⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛',
};

function formatNumber(value: number, format: string): string {
  const sign = [...(series[format] ?? '')][value - 1];
  if (sign !== undefined) return sign;
  switch (format) {
    case 'none':
      return '';
    case 'upperRoman':
      return romanNumber(value);
    case 'lowerRoman':
      return romanNumber(value).toLowerCase();
    case 'upperLetter':
      return letterNumber(value).toUpperCase();
    case 'lowerLetter':
      return letterNumber(value);
    case 'decimalZero':
      return String(value).padStart(2, '0');
    case 'ordinal':
      return `${value}${/(?<!1)1$/.test(`${value}`) ? 'st' : /(?<!1)2$/.test(`${value}`) ? 'nd' : /(?<!1)3$/.test(`${value}`) ? 'rd' : 'th'}`;
    case 'decimalFullWidth':
    case 'decimalFullWidth2':
      return String(value).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    case 'japaneseCounting':
    case 'chineseCountingThousand':
    case 'chineseCounting':
    case 'taiwaneseCountingThousand':
    case 'taiwaneseCounting':
    case 'japaneseLegal':
      return kanjiNumber(value);
    case 'ideographDigital':
    case 'japaneseDigitalTenThousand':
    case 'taiwaneseDigital':
      return String(value).replace(/\d/g, (digit) => '〇一二三四五六七八九'.charAt(Number(digit)));
    default:
      return String(value);
  }
}

/** 三百二十一. */
function kanjiNumber(value: number): string {
  if (value <= 0 || value > 9_999) return String(value);
  let text = '';
  for (const [size, sign] of [
    [1_000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(value / size) % 10;
    if (digit > 0) text += (digit === 1 && size > 1 ? '' : '一二三四五六七八九'.charAt(digit - 1)) + sign;
  }
  return text;
}
