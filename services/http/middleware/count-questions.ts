/** Counts each question that arrives by how it ended for its user, whatever part of the service ended it. */
import type { RequestHandler, Response } from 'express';
import type { Problem } from '../api/problem.ts';
import { isProbe } from './recognise-probe.ts';

/**
 * served: the whole response was sent. failed: a 5xx, in a stream too. gave_up: the client left after ten seconds or more without a
 * word of the answer, as users and proxies do when a model hangs. left: the client left earlier, or while the answer was written.
 * refused: a 4xx, which the client can fix.
 */
export type QuestionEnd = 'served' | 'failed' | 'gave_up' | 'left' | 'refused';

export type MeasureQuestionEnd = (end: QuestionEnd) => void;

/** Users leave a page that stays empty for this long. Clients that leave earlier have other reasons. Milliseconds. */
const giveUpMs = 10_000;

/** Mount it on the paths that ask questions, before authentication and limits, so that what these end is counted too. */
export function countQuestions(measure: MeasureQuestionEnd, clock: () => number): RequestHandler {
  return (req, res, next) => {
    if (req.method === 'POST' && !isProbe(res)) {
      const start = clock();
      res.once('close', () => measure(endOf(res, clock() - start)));
    }
    next();
  };
}

/** Call it with the first piece of an answer. */
export function markAnswering(res: Response): void {
  res.locals.answering = true;
}

/** Call it with a problem that a stream reports under the status 200. */
export function markProblem(res: Response, { status }: Problem): void {
  res.locals.problemStatus = status;
}

function endOf(res: Response, elapsedMs: number): QuestionEnd {
  const { answering = false, problemStatus = res.statusCode } = res.locals;
  if (!res.writableFinished) return !answering && elapsedMs >= giveUpMs ? 'gave_up' : 'left';
  if (problemStatus >= 500) return 'failed';
  return problemStatus >= 400 ? 'refused' : 'served';
}
