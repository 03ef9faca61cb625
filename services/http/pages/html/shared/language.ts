/** The languages of the pages and the choice between them. */
import type { Request } from 'express';

export type Language = 'en' | 'ja';

/** A text in each language. */
export type Translated<Text> = Readonly<Record<Language, Text>>;

export function languageOf(req: Request): Language {
  return req.acceptsLanguages('en', 'ja') === 'ja' ? 'ja' : 'en';
}
