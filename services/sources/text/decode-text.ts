/** Decodes the bytes of a text file in any of the usual Japanese and Western encodings. */
import { SourceError } from '../source-error.ts';

const boms: readonly (readonly [label: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * @param declared the encoding that the file declares (an HTML meta element); used where the bytes agree
 * @throws {SourceError} for binary files, damaged text and unknown encodings
 */
export function decodeText(bytes: Uint8Array, declared: string | null = null): string {
  const bom = boms.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte));
  if (bom) {
    const text = decode(bytes, bom[0]);
    if (text === null)
      throw new SourceError(`is damaged: it starts as ${bom[0].toUpperCase()} and continues in another encoding`);
    return refuseBinary(text);
  }
  if (bytes.includes(0)) throw new SourceError('contains NUL bytes, so it is not text; if it is, save it as UTF-8');
  const ascii = new TextDecoder('latin1').decode(bytes.subarray(0, 65_536));
  const jis = ascii.includes('\u001b$B') || ascii.includes('\u001b$@');
  // UTF-8 before the declared encoding: text in another encoding is hardly ever valid UTF-8, and false declarations are common.
  const text =
    (jis ? decode(bytes, 'iso-2022-jp') : null) ??
    decode(bytes, 'utf-8') ??
    (declared === null ? null : decode(bytes, declared)) ??
    guess(bytes);
  if (text === null) throw new SourceError('has an unknown encoding; save it as UTF-8');
  return refuseBinary(text);
}

function decode(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Japanese text has hiragana, and hardly any of the half-width kana and rare signs that a wrong decoding produces. */
function guess(bytes: Uint8Array): string | null {
  const japanese = ['shift_jis', 'euc-jp']
    .map((label) => decode(bytes, label))
    .filter((text) => text !== null)
    .map((text) => ({ text, kana: shareOf(text, /[\u3040-\u30ff\u3001\u3002]/g) }))
    .sort((a, b) => b.kana - a.kana)[0];
  if (japanese && japanese.kana >= 0.15) return japanese.text;
  const western = decode(bytes, 'windows-1252');
  if (western === null) return null;
  const foreign = western.match(/[^\n\r\t -~]/g) ?? [];
  const usual = western.match(/[\u00a0\u00a9\u00ab\u00ae\u00b0\u00b7\u00bb\u00bf-\u024f\u2010-\u2026\u20ac]/g) ?? [];
  return foreign.length <= western.length / 5 && usual.length === foreign.length ? western : null;
}

/** Share of the non-ASCII characters that match. */
function shareOf(text: string, pattern: RegExp): number {
  const foreign = text.match(/[^\n\r\t -~]/g)?.length ?? 0;
  return foreign === 0 ? 0 : (text.match(pattern)?.length ?? 0) / foreign;
}

function refuseBinary(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this counts them
  const controls = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0;
  if (controls > text.length / 100) throw new SourceError('contains many control characters, so it is not text');
  return text;
}

/** The encoding that an HTML or XHTML file declares in its first kilobytes; null where it declares none. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const named =
    /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i.exec(start) ?? /^<\?xml[^>]*?encoding=["']([\w-]+)/.exec(start);
  return named?.[1] ?? null;
}
