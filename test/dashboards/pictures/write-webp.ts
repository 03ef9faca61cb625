/** Converts PNG to WebP in the browser, which takes a third of the space. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** WebP quality from 0 to 1. */
const quality = 0.82;

/** @returns the number of bytes written */
export async function writeWebp(page: Page, png: string, out: string): Promise<number> {
  const source = `data:image/png;base64,${readFileSync(png).toString('base64')}`;
  const encoded = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = '${source}';
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', ${quality});
  })()`);
  const bytes = Buffer.from(encoded.slice(encoded.indexOf(',') + 1), 'base64');
  writeFileSync(out, bytes);
  return bytes.length;
}
