/** Makes any string one that PostgreSQL stores: its text holds no NUL and no half of a surrogate pair. */

/** A model may write either, and a broken file may hold either. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}
