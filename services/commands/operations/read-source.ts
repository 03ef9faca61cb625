/** Reads what an operator names as a source of prices or rates: a URL or a file. Writes the result in one step. */
import { readFile, rename, writeFile } from 'node:fs/promises';

const timeoutMs = 60_000;
const largest = 50_000_000;

/** @throws {Error} that names the source and says what to do */
export async function readSource(from: string): Promise<string> {
  if (!/^https?:\/\//i.test(from)) {
    return readFile(from, 'utf8').catch((cause: unknown) => {
      throw new Error(`${from} cannot be read. Name a file, or a URL that begins with http:// or https://.`, { cause });
    });
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(from, { signal: AbortSignal.timeout(timeoutMs) });
    text = await readLimited(response);
  } catch (cause) {
    const why = cause instanceof Error && cause.name === 'TimeoutError' ? `no answer in ${timeoutMs / 1_000} s` : cause;
    throw new Error(
      `${from} cannot be fetched (${why instanceof Error ? why.message : why}). Check the address and HTTPS_PROXY.`,
      { cause },
    );
  }
  if (response.ok) return text;
  throw new Error(`${from} answered ${response.status}. Check the address.`);
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > largest) throw new Error(`it is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A program that reads the file meanwhile sees the old or the new content. */
export async function replaceFile(file: string, content: unknown): Promise<void> {
  const next = `${file}.${process.pid}.new`;
  await writeFile(next, `${JSON.stringify(content, null, 2)}\n`);
  await rename(next, file);
}
