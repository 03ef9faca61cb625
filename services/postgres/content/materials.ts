/** Statements on the materials table, which an LMS may own. */
import type { ClientBase } from 'pg';

/**
 * An SQL condition: the migrations created `materials`, so this program may insert and rename rows. An LMS's own table
 * is only read. The migrations put this comment on the table that they create.
 */
export const materialsAreOurs = `coalesce(obj_description('materials'::regclass, 'pg_class') like 'Made by rag-observatory:%', false)`;

type Material = {
  readonly id: string;
  readonly title: string;
  /** Of the document. */
  readonly sourceUri: string;
  /** Whether the document's metadata names this id; otherwise it was generated. */
  readonly named: boolean;
};

/**
 * Ensures that a document has its row in `materials`: inserted where the table is ours, looked up where it is an LMS's.
 * @throws {Error} that says which metadata to set, when the row is missing and must not be created
 */
export async function ensureMaterial(client: ClientBase, { id, title, sourceUri, named }: Material): Promise<void> {
  const { rows } = await client.query<{ ours: boolean; there: boolean; other: string | null }>({
    name: 'ensure-material',
    text: `
      with own as (
        insert into materials (id, title)
        select $1, $2 where ${materialsAreOurs} and (not $3 or exists (select from materials where id = $1))
        on conflict (id) do update set title = excluded.title where materials.title <> excluded.title
      )
      select ${materialsAreOurs} as ours, exists (select from materials where id = $1) as there, (
        select source_uri from provenance
        where content_id = $1 and content_type = 'material' and superseded_at is null and source_uri <> $4
      ) as other`,
    values: [id, title, named, sourceUri],
  });
  const { ours = false, there = false, other = null } = rows[0] ?? {};
  if (other !== null) throw new Error(`material ${id} already has the text of ${other}; a material can have only one`);
  if (there || (ours && !named)) return;
  if (named) throw new Error(`material ${id} does not exist; set materialId to an existing material`);
  throw new Error(
    'the materials table belongs to the LMS; set materialId to one of its materials, or contentType to another type such as note_article',
  );
}
