/** An SQL condition: the migrations made `materials`, so rows of it may be made and named here. An LMS's own is only read. */

/** The migrations leave this comment on the table that they make. */
export const materialsAreOurs = `coalesce(obj_description('materials'::regclass, 'pg_class') like 'Made by rag-observatory:%', false)`;
