/** Who looks at a page, and what they see where they may not or where something fails. */
import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../api/problem.ts';
import type { PageContext } from '../app.ts';
import type { Caller } from '../auth/authenticate.ts';
import { sampleLearnerId } from '../auth/development-token.ts';
import { tellProblemsBy } from '../middleware/error-handler.ts';
import { commonTexts } from './html/shared/common-texts.ts';
import { type Html, htmlText } from './html/shared/html.ts';
import { languageOf } from './html/shared/language.ts';
import type { Frame } from './html/shared/layout.ts';
import { problemPage } from './html/shared/problem-page.ts';
import { signInPage } from './html/shared/sign-in-page.ts';

/** From here on problems are told as a page; for someone who is not signed in, that page is the token form. */
export function asPage(current: Frame['current'], files: string): RequestHandler {
  return (req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', Vary: 'Accept-Language, Cookie' });
    tellProblemsBy(res, (_res, problem, traceId) => {
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

/** Null: nobody who is signed in, but the person at this machine. @throws {Problem} 401 for anybody else */
export async function findVisitor(context: PageContext, req: Request): Promise<Caller | null> {
  try {
    return await context.findCaller(req);
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && context.isLocalDemo(req)) return null;
    throw error;
  }
}

/** What the frame says of the visitor; the sample learner would be let in again at once, so has no way out. */
export function greet(visitor: Caller | null, req: Request): Pick<Frame, 'who' | 'canSignOut'> {
  if (visitor === null) return { who: null, canSignOut: false };
  const { userId, email, role } = visitor.identity;
  if (userId === sampleLearnerId) return { who: commonTexts[languageOf(req)].sampleLearner, canSignOut: false };
  return { who: email ?? role, canSignOut: true };
}
