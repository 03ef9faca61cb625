-- Up Migration
-- For databases whose 0001 left no mark: a table of exactly our making that is younger than the list of migrations is ours.
do $$
begin
  if obj_description('materials'::regclass, 'pg_class') is null and (
    select array_agg(format('%s %s %s', attname, atttypid::regtype, pg_get_expr(adbin, adrelid)) order by attname)
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid = 'materials'::regclass and attnum > 0 and not attisdropped
  ) = array['created_at timestamp with time zone now()', 'id uuid gen_random_uuid()', 'title text ']
  and 'materials'::regclass::oid > 'pgmigrations'::regclass::oid then
    comment on table materials is 'Made by rag-observatory: id and title of what is taken in.';
  end if;
end $$;

-- Down Migration
-- The mark stays: 0001 makes it too.
