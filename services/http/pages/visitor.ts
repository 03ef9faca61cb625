/** The visitor of a page, and the pages shown for sign-in and for problems. */
import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../api/problem.ts';
import type { PageContext } from '../app.ts';
import type { Caller } from '../auth/authenticate.ts';
import { sampleLearnerId } from '../auth/development-token.ts';
import { sendProblemsWith } from '../middleware/error-handler.ts';
import { commonTexts } from './html/shared/common-texts.ts';
import { type Html, htmlText } from './html/shared/html.ts';
import { languageOf } from './html/shared/language.ts';
import type { Frame } from './html/shared/layout.ts';
import { problemPage, signInPage } from './html/shared/problem-pages.ts';

/** Shows problems of this request as a page. For 401 that page is the sign-in form. */
export function showProblemsAsPage(current: Frame['current'], files: string): RequestHandler {
  return (req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', Vary: 'Accept-Language, Cookie' });
    sendProblemsWith(res, (_res, problem, traceId) => {
      const frame = { language: languageOf(req), files, current };
      const document = problem.document(problem.status === 500 ? traceId : null);
      const page = problem.status === 401 ? signInPage(frame) : problemPage({ ...frame, problem: document });
      sendPage(res.status(problem.status).set(problem.headers), page);
    });
    next();
  };
}

export function sendPage(res: Response, page: Html): void {
  res.type('text/html; charset=utf-8').send(htmlText(page));
}

/** Null: a local visitor who is not signed in. @throws {Problem} 401 for other visitors who are not signed in */
export async function findVisitor(context: PageContext, req: Request): Promise<Caller | null> {
  try {
    return await context.findCaller(req);
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && context.isLocalDemo(req)) return null;
    throw error;
  }
}

/** The visitor in the page header. The sample learner would be signed in again at once and so cannot sign out. */
export function headerOf(visitor: Caller | null, req: Request): Pick<Frame, 'user' | 'canSignOut'> {
  if (visitor === null) return { user: null, canSignOut: false };
  const { userId, name, email, role } = visitor.identity;
  if (userId === sampleLearnerId) return { user: commonTexts[languageOf(req)].sampleLearner, canSignOut: false };
  return { user: name ?? email ?? role, canSignOut: true };
}

/** Administrators, as for the API, and local visitors, who are the sample learner on the ask page. */
export function maySeeDetails(context: PageContext, visitor: Caller | null, req: Request): boolean {
  if (visitor === null || visitor.identity.role === 'admin') return true;
  return visitor.identity.userId === sampleLearnerId && context.isLocalDemo(req);
}
