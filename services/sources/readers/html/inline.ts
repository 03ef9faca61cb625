/** Text of inline elements that means something by its form: exponents, indices, fractions, roots, pictures. */
import type { Element } from 'domhandler';

const raised = new Map([...'0123456789+-−=()ni'].map((sign, at) => [sign, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ'][at] ?? sign]));

/** `5` → `⁵`; what has no such sign is marked: `^x`. Ordinals and trade marks keep their letters. */
export function superscript(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const signs = [...trimmed];
  if (signs.every((sign) => raised.has(sign))) return signs.map((sign) => raised.get(sign)).join('');
  if (/^(?:st|nd|rd|th|er|re|e|o|a|ère|ème|tm|sm|mc|®|™|\*+|†|‡|[^\x20-\x7e]+)$/i.test(trimmed)) return trimmed;
  return signs.length === 1 ? `^${trimmed}` : `^(${trimmed})`;
}

const lowered = new Map([...'0123456789+-−=()'].map((sign, at) => [sign, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎'][at] ?? sign]));

export function subscript(text: string): string {
  const signs = [...text.trim()];
  return signs.every((sign) => lowered.has(sign)) ? signs.map((sign) => lowered.get(sign)).join('') : signs.join('');
}

/** What a picture's alternative text says about the content; empty for decoration, file names and icons. */
export function alternativeText({ attribs }: Element): string {
  const alt = attribs.alt?.trim() ?? '';
  if (
    /^\[[^\]]{0,30}\]$|^[\w.-]+\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?)$|^(?:image|img|photo|picture|icon|logo|画像|写真|図|ロゴ)\s*\d*$/i.test(
      alt,
    )
  ) {
    return '';
  }
  const isSentence = /\s\S+\s/.test(alt) || [...alt].filter((sign) => sign > '\u3040').length >= 5;
  return isSentence || /\d/.test(alt) ? alt : '';
}

/** The number of an item as its list shows it. */
export function itemNumber(value: number, type: string | undefined): string {
  if (type === 'a' || type === 'A') {
    const letters = letterNumber(value);
    return `${type === 'a' ? letters : letters.toUpperCase()}.`;
  }
  if (type === 'i' || type === 'I') {
    const roman = romanNumber(value);
    return `${type === 'i' ? roman.toLowerCase() : roman}.`;
  }
  return `${value}.`;
}

export function letterNumber(value: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(97 + ((rest - 1) % 26)) + text;
  }
  return text || String(value);
}

const romanSigns: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

export function romanNumber(value: number): string {
  if (value < 1 || value > 3_999) return String(value);
  let rest = value;
  let text = '';
  for (const [size, sign] of romanSigns) {
    for (; rest >= size; rest -= size) text += sign;
  }
  return text;
}
