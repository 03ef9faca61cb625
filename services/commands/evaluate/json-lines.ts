/** Reads files with one JSON object per line. */

/**
 * Leaves out blank lines.
 * @param read gets the value of a line, and its file and line number for messages
 * @throws {Error} that names the first line which is not JSON, or what `read` throws
 */
export function readJsonLines<T>(text: string, file: string, read: (json: unknown, place: string) => T): readonly T[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return lines.flatMap((line, index) => {
    const place = `${file}:${index + 1}`;
    return line.trim() === '' ? [] : [read(parse(line, place), place)];
  });
}

function parse(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is not JSON; the file needs one JSON object per line`, { cause });
  }
}
