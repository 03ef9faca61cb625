/** The service in the path of a request: a key may name its own only, an administrator any. */
import { z } from 'zod';
import { serviceNamePattern } from '../../../intake/service.ts';
import { Problem } from '../../api/problem.ts';
import type { ServiceCaller } from '../../auth/authenticate-service.ts';

export const serviceName = z.string().regex(serviceNamePattern, {
  error: 'must begin with a lower-case letter and consist of up to 50 lower-case letters, digits and hyphens',
});

/** @param caller undefined: an administrator. @throws {Problem} `forbidden` */
export function requireOwnService(service: string, caller: ServiceCaller | undefined): void {
  if (caller !== undefined && caller.service !== service) {
    throw new Problem('forbidden', {
      detail: `This key belongs to another service than ${service}. Use a key of ${service}.`,
    });
  }
}

export function noService(service: string): Problem {
  return new Problem('not-found', {
    detail: `There is no service named ${service}. GET /api/admin/services lists all services.`,
  });
}
