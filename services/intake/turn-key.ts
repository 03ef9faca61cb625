/** Makes the keys of external turns, users and sessions, so that the same turn reported again is the same row. */
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import type { ExternalTurn } from './external-turn.ts';

/** The namespaces are arbitrary and must never change: stored rows were named with them. */
const namespaces = {
  turn: '5f0f7a4e-5c1e-4f0a-9a54-0c9a2d1a7c01',
  user: '5f0f7a4e-5c1e-4f0a-9a54-0c9a2d1a7c02',
  session: '5f0f7a4e-5c1e-4f0a-9a54-0c9a2d1a7c03',
} as const;

/** JSON, so that no two lists of parts are written alike. */
function keyOf(kind: keyof typeof namespaces, ...parts: readonly string[]): string {
  return uuidv5(JSON.stringify(parts), namespaces[kind]);
}

/** The key of a turn that its application names `id`. */
export function turnKeyOfId(service: string, id: string): string {
  return keyOf('turn', service, 'id', id);
}

/** From the application's id, else from trace and root span. Without either every report is a turn of its own. */
export function turnKey({ service, id, traceId, rootSpanId }: ExternalTurn): string {
  if (id !== null) return turnKeyOfId(service, id);
  if (traceId !== null) return keyOf('turn', service, 'trace', traceId, rootSpanId ?? '');
  return uuidv7();
}

export function userKey(service: string, user: string): string {
  return keyOf('user', service, 'id', user);
}

/** `users.id` of the turns that name no user. */
export function anonymousUserKey(service: string): string {
  return keyOf('user', service, 'anonymous');
}

/** A turn without a session is a session of its own. */
export function sessionKey(service: string, session: string | null, turnId: string): string {
  return session === null ? turnId : keyOf('session', service, session);
}
