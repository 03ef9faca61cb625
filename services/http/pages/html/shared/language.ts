/** The languages in which the pages speak, and which of them a browser asks for. */
import type { Request } from 'express';

export type Language = 'en' | 'ja';

/** A text in each language. */
export type InBoth<Text> = Readonly<Record<Language, Text>>;

export function languageOf(req: Request): Language {
  return req.acceptsLanguages('en', 'ja') === 'ja' ? 'ja' : 'en';
}
