/** GET /dashboard/services/NAME: the diagnosis of a service, for administrators. */
import type { RequestHandler } from 'express';
import type { Diagnosis } from '../../intake/doctor/diagnose.ts';
import { serviceNamePattern } from '../../intake/service.ts';
import { Problem } from '../api/problem.ts';
import type { PageContext } from '../app.ts';
import { doctorPage } from './html/metrics/doctor-page.ts';
import { languageOf } from './html/shared/language.ts';
import { findVisitor, headerOf, maySeeDetails, sendPage } from './visitor.ts';

export type ServicePageDependencies = {
  /** @returns null if there is no such service. @throws {ServiceFailure} `database_unavailable` */
  readonly diagnoseService: (service: string) => Promise<Diagnosis | null>;
};

export function showServicePage(context: PageContext, deps: ServicePageDependencies, files: string): RequestHandler {
  return async (req, res) => {
    const visitor = await findVisitor(context, req);
    if (!maySeeDetails(context, visitor, req)) throw new Problem('forbidden');
    const { name } = req.params;
    const isName = typeof name === 'string' && serviceNamePattern.test(name);
    const diagnosis = isName ? await deps.diagnoseService(name) : null;
    if (diagnosis === null) throw new Problem('not-found');
    sendPage(res, doctorPage({ language: languageOf(req), files, ...headerOf(visitor, req), diagnosis }));
  };
}
