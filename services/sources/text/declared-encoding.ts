/** Finds the encoding that a file of HTML names. */

/** The encoding that an HTML or XHTML file names in its first kilobytes; null where it names none. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const named =
    /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i.exec(start) ?? /^<\?xml[^>]*?encoding=["']([\w-]+)/.exec(start);
  return named?.[1] ?? null;
}
