/** GET /problems/:name: what a problem's `type` leads to. */
import type { RequestHandler } from 'express';
import { Problem, type ProblemName, problemTypes } from '../api/problem.ts';

export const explainProblem: RequestHandler = (req, res) => {
  const { name } = req.params;
  if (typeof name !== 'string' || !Object.hasOwn(problemTypes, name)) throw new Problem('not-found');
  res.json({ type: `/problems/${name}`, ...problemTypes[name as ProblemName] });
};
