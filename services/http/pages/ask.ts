/** GET /: the page on which users ask questions. */
import type { RequestHandler } from 'express';
import type { PageContext } from '../app.ts';
import { askPage } from './html/ask/ask-page.ts';
import { commonTexts } from './html/shared/common-texts.ts';
import { languageOf } from './html/shared/language.ts';
import { findVisitor, headerOf, sendPage } from './visitor.ts';

export type AskPageDependencies = {
  /** Whether the sample documents, and no others, are stored. @throws {ServiceFailure} `database_unavailable` */
  readonly hasOnlySamples: () => Promise<boolean>;
};

export function showAskPage(context: PageContext, deps: AskPageDependencies, files: string): RequestHandler {
  return async (req, res) => {
    const visitor = await findVisitor(context, req);
    if (visitor === null) await context.signInSampleLearner(req, res);
    const language = languageOf(req);
    const header =
      visitor === null ? { user: commonTexts[language].sampleLearner, canSignOut: false } : headerOf(visitor, req);
    // The page also works without the database, so a failure only hides the examples.
    const showExamples = await deps.hasOnlySamples().catch(() => false);
    sendPage(res, askPage({ language, files, ...header, showExamples }));
  };
}
