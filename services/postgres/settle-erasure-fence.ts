/** Ends an erasure: what is asked from now on is recorded again. */
import type { ClientBase } from 'pg';

export async function settleErasureFence(
  client: ClientBase,
  { id, askedUntil }: { id: string; askedUntil: Date },
): Promise<void> {
  await client.query({ text: 'update erasure_fence set asked_until = $2 where id = $1', values: [id, askedUntil] });
}
