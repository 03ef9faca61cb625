/** Names what is wrong with the characters of a key, without showing the key. */

const visible = /^[\x21-\x7e]+$/;
const quotes = /^["'`“”‘’«»「『].*["'`“”‘’«»」』]$/s;

/** Whether an HTTP header can carry the key. */
export function isSendable(key: string): boolean {
  return visible.test(key);
}

/**
 * What is wrong, and what to do about it; null: nothing that its characters show.
 * @param variable the setting that holds the key
 */
export function describeKey(variable: string, key: string): string | null {
  if (key.startsWith('\ufeff')) return `${variable} begins with a byte order mark (U+FEFF): save its file without one`;
  if (/[\r\n]$/.test(key)) return `${variable} ends with a line break: remove it`;
  if (key.trim() === '') return `${variable} is blank: set it to the key, or leave it empty`;
  if (key !== key.trim()) {
    return `${variable} ${key.startsWith(key.trim()) ? 'ends' : 'begins'} with a blank: remove it`;
  }
  if (quotes.test(key)) return `${variable} is in quotation marks: remove them`;
  if (/^bearer\s/i.test(key)) return `${variable} begins with "Bearer": remove the word, it is added`;
  if (/…/.test(key)) return `${variable} contains an ellipsis (…): it was copied in shortened form, copy the whole key`;
  if (visible.test(key)) return null;
  const at = [...key].findIndex((character) => !visible.test(character));
  const character = [...key][at] ?? '';
  return `${variable} contains ${nameOf(character)} at character ${at + 1}: copy the key again`;
}

function nameOf(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break';
  if (character.trim() === '') return 'a blank';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /\p{C}/u.test(character) ? `an invisible character (${code})` : `a character that is not ASCII (${code})`;
}
