import { expect, test } from 'vitest';
import { encodeText } from '../../../test/kit/files/encode-text.ts';
import { decodeText } from './decode-text.ts';

const japanese = '検索拡張生成とは、資料を検索してから回答を生成する方法です。ｶﾅも混じります。\n';

test.each(['Shift_JIS', 'EUC-JP', 'ISO-2022-JP', 'UTF-8'] as const)(
  'Japanese text in %s is read without a declared encoding',
  (encoding) => {
    const plain = encoding === 'ISO-2022-JP' ? japanese.replace('ｶﾅ', 'カナ') : japanese;
    expect(decodeText(encodeText(plain, encoding))).toBe(plain);
  },
);

test.each([
  ['UTF-8', [0xef, 0xbb, 0xbf], 'UTF-8'],
  ['UTF-16LE', [0xff, 0xfe], 'UTF-16LE'],
  ['UTF-16BE', [0xfe, 0xff], 'UTF-16BE'],
] as const)('a byte order mark of %s is believed and left out', (_, mark, encoding) => {
  expect(decodeText(Uint8Array.from([...mark, ...encodeText(japanese, encoding)]))).toBe(japanese);
});

test('Western text with Windows quotes is read', () => {
  expect(decodeText(Uint8Array.from([...Buffer.from('It'), 0x92, ...Buffer.from('s a caf'), 0xe9, 0x21]))).toBe(
    'It’s a café!',
  );
});

test('a false declaration does not affect UTF-8 text', () => {
  expect(decodeText(Buffer.from(japanese), 'iso-8859-1')).toBe(japanese);
});

test('a declared encoding is used if the bytes match', () => {
  const korean = encodeText('한국어 문장입니다.', 'EUC-KR');
  expect(decodeText(korean, 'euc-kr')).toBe('한국어 문장입니다.');
});

test('an empty file is empty text', () => {
  expect(decodeText(new Uint8Array())).toBe('');
});

test.each([
  ['NUL bytes', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), /NUL/],
  ['control characters', Uint8Array.from({ length: 900 }, (_, at) => 1 + (at % 8)), /control characters/],
  ['bytes of no encoding', Uint8Array.from({ length: 900 }, (_, at) => 0x80 + ((at * 37) % 0x80)), /unknown encoding/],
  ['half a surrogate pair', Uint8Array.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), /damaged/],
])('%s are refused with what to do', (_, bytes, message) => {
  expect(() => decodeText(bytes)).toThrow(message);
});
