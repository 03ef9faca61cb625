/** Statements of the materials table, which an LMS may own. */
import type { ClientBase } from 'pg';

/**
 * An SQL condition: the migrations made `materials`, so rows of it may be made and named here. An LMS's own is only read.
 * The migrations leave this comment on the table that they make.
 */
export const materialsAreOurs = `coalesce(obj_description('materials'::regclass, 'pg_class') like 'Made by rag-observatory:%', false)`;

type Material = {
  readonly id: string;
  readonly title: string;
  /** Of the content. */
  readonly sourceUri: string;
  /** Whether the content tells this id; otherwise it is made up here. */
  readonly named: boolean;
};

/**
 * Sees to it that a content has its row in `materials`: made and named where the table is ours, found where it is an LMS's.
 * @throws {Error} that says what to tell, where there is no such row and none may be made
 */
export async function settleMaterial(client: ClientBase, { id, title, sourceUri, named }: Material): Promise<void> {
  const { rows } = await client.query<{ ours: boolean; there: boolean; other: string | null }>({
    name: 'settle-material',
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
  if (other !== null) throw new Error(`the text of this material is ${other}; a material has one`);
  if (there || (ours && !named)) return;
  if (named) throw new Error(`there is no material ${id}; materialId names one that exists`);
  throw new Error(
    "materials is the LMS's own table: tell which material this is (materialId), or another contentType, such as note_article",
  );
}
