/** GET /: the page on which a person asks. */
import type { RequestHandler } from 'express';
import type { PageContext } from '../app.ts';
import { askPage } from './html/ask/ask-page.ts';
import { commonTexts } from './html/shared/common-texts.ts';
import { languageOf } from './html/shared/language.ts';
import { findVisitor, greet, sendPage } from './visitor.ts';

export function showAskPage(context: PageContext, files: string): RequestHandler {
  return async (req, res) => {
    const visitor = await findVisitor(context, req);
    if (visitor === null) await context.signInSampleLearner(req, res);
    const language = languageOf(req);
    const greeting =
      visitor === null ? { who: commonTexts[language].sampleLearner, canSignOut: false } : greet(visitor, req);
    sendPage(res, askPage({ language, files, ...greeting }));
  };
}
