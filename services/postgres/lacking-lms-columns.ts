/** Tells what the LMS's own tables lack of the columns that are read and written here. */
import type pg from 'pg';

/** @returns `table.column` with its type, in order; none for a table that is not there, because the migrations make it */
export async function lackingLmsColumns(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ lacking: string }>(`
    select format('%s.%s (%s)', wanted.relation, wanted.attribute, wanted.type) as lacking
    from (
      values
        (1, 'users', 'id', 'uuid'), (2, 'users', 'email', 'text'), (3, 'users', 'role', 'text'),
        (4, 'materials', 'id', 'uuid'), (5, 'materials', 'title', 'text')
    ) as wanted (place, relation, attribute, type)
    left join pg_attribute
      on attrelid = to_regclass(wanted.relation) and attname = wanted.attribute and not attisdropped
    where to_regclass(wanted.relation) is not null
      and (attname is null or (wanted.type = 'uuid' and atttypid <> 'uuid'::regtype))
    order by wanted.place`);
  return rows.map(({ lacking }) => lacking);
}
