/** Notes refused requests of applications, so that `services doctor` can say why nothing arrives. */
import type { RequestHandler } from 'express';
import { looksLikeServiceKey } from '../../intake/service-key.ts';
import { serviceKeyOf, serviceOf } from '../auth/authenticate-service.ts';

export type NoteRefusal = (refusal: {
  readonly service: string;
  readonly keyPrefix: string;
  readonly path: string;
  readonly reason: string;
}) => void;

/** Paths that applications are configured with, also mistyped ones. */
const ofApplications =
  /^\/(v1|v1\/.*|api\/turns.*|api\/public\/.*|api\/v1\/.*|otlp.*|otel.*|traces|logs|.*\/v1\/(traces|logs|metrics))$/;

const shownCharacters = 12;

export function noteRefusals(note: NoteRefusal): RequestHandler {
  return (req, res, next) => {
    const path = req.path;
    res.once('finish', () => {
      if (res.statusCode < 400) return;
      const key = serviceKeyOf(req);
      if (!ofApplications.test(path) && !looksLikeServiceKey(key ?? '')) return;
      note({
        service: serviceOf(res)?.service ?? '',
        // Of other secrets nothing is kept.
        keyPrefix: key !== null && looksLikeServiceKey(key) ? key.slice(0, shownCharacters) : '',
        path: path.replace(/[^\w./:-]/g, '').slice(0, 80),
        reason: String(res.statusCode),
      });
    });
    next();
  };
}
