/** Names a material. */
import type { ClientBase } from 'pg';

export async function upsertMaterial(client: ClientBase, { id, title }: { id: string; title: string }): Promise<void> {
  await client.query({
    name: 'upsert-material',
    text: `
      insert into materials (id, title) values ($1, $2)
      on conflict (id) do update set title = excluded.title where materials.title <> excluded.title`,
    values: [id, title],
  });
}
