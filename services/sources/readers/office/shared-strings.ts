/** Reads the shared strings of a workbook. */
import type { TextBudget } from '../text-budget.ts';
import { walkXml } from './xml-parts.ts';

/** @throws {SourceError} */
export async function readSharedStrings(bytes: Uint8Array, { spendShared }: TextBudget): Promise<readonly string[]> {
  const strings: string[] = [];
  const rich = createRichText();
  await walkXml(bytes, {
    open: rich.open,
    text: rich.text,
    close(name) {
      rich.close(name);
      if (name !== 'si') return;
      spendShared();
      strings.push(rich.take());
    },
  });
  return strings;
}

/** Joins the runs of a text, without the phonetic readings of Japanese words (`rPh`). */
export function createRichText() {
  let text = '';
  let isText = false;
  let readings = 0;
  return {
    open(name: string): void {
      if (name === 'rPh') readings++;
      isText = name === 't' && readings === 0;
    },
    text(part: string): void {
      if (isText) text += part;
    },
    close(name: string): void {
      if (name === 'rPh') readings--;
      if (name === 't') isText = false;
    },
    take(): string {
      const whole = decodeEscapes(text);
      text = '';
      return whole;
    },
  };
}

/** Characters that XML does not allow are written as `_x000D_`. */
export function decodeEscapes(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}
