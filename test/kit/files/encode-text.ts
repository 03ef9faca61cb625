/** Writes text in the encodings that files and pages of users have; Node itself only reads them. */

const twoByte = ['Shift_JIS', 'EUC-JP', 'EUC-KR'] as const;
type Encoding = (typeof twoByte)[number] | 'ISO-2022-JP' | 'UTF-8' | 'UTF-16LE' | 'UTF-16BE';

/** @throws {Error} for a character that the encoding does not have */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'UTF-8') return Buffer.from(text);
  if (encoding === 'UTF-16LE') return Buffer.from(text, 'utf16le');
  if (encoding === 'UTF-16BE') return Buffer.from(text, 'utf16le').swap16();
  if (encoding === 'ISO-2022-JP') return encodeIso2022Jp(text);
  const table = tableOf(encoding);
  return Uint8Array.from(
    [...text].flatMap((character) => (character <= '\x7f' ? [character.charCodeAt(0)] : bytesOf(character, table))),
  );
}

/** Escape sequences switch between ASCII and the characters that EUC-JP writes with the high bits set. */
function encodeIso2022Jp(text: string): Uint8Array {
  const runs = text.match(/[\0-\x7f]+|[^\0-\x7f]+/g) ?? [];
  return Buffer.concat(
    runs.map((run) => {
      if (run <= '\x7f') return Buffer.from(run);
      return Buffer.from([
        ...[0x1b, 0x24, 0x42],
        ...encodeText(run, 'EUC-JP').map((byte) => byte & 0x7f),
        ...[0x1b, 0x28, 0x42],
      ]);
    }),
  );
}

function bytesOf(character: string, table: ReadonlyMap<string, readonly number[]>): readonly number[] {
  const bytes = table.get(character);
  if (bytes === undefined) throw new Error(`"${character}" is not in this encoding`);
  return bytes;
}

/** The inverse of what Node decodes. */
function tableOf(encoding: (typeof twoByte)[number]): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, readonly number[]>();
  for (let first = 0x80; first <= 0xff; first++) {
    for (const bytes of [[first], ...Array.from({ length: 0xc0 }, (_, at) => [first, at + 0x40])]) {
      const [character = '', ...more] = decoder.decode(Uint8Array.from(bytes));
      if (more.length === 0 && character !== '\ufffd' && !table.has(character)) table.set(character, bytes);
    }
  }
  return table;
}
