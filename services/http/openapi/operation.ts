/** What is told of a route, and the problems that many of them have in common. */
import type { z } from 'zod';
import type { ProblemName } from '../api/problem.ts';

export type Json = Record<string, unknown>;

export type Operation = {
  /** For generated clients: stays as it is. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth?: 'user' | 'admin';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: readonly Json[];
  readonly body?: z.ZodType;
  /** Absent: 204. */
  readonly reply?: z.ZodType;
  /** Absent: application/json. */
  readonly replyType?: string;
  /** Media types of the reply besides JSON. */
  readonly alsoAs?: Json;
  readonly problems: readonly ProblemName[];
};

export const user: readonly ProblemName[] = ['unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'];
export const withBody: readonly ProblemName[] = ['bad-request', 'content-too-large', 'unsupported-media-type'];
export const database: readonly ProblemName[] = ['database-unavailable'];
export const always: readonly ProblemName[] = [
  'method-not-allowed',
  'request-timeout',
  'headers-too-large',
  'internal',
];
