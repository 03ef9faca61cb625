/** Loads the other tables: users, content of ten years with its retention, plugins, failures. */
import type { ClientBase } from 'pg';
import { people } from './generate-dialogues.ts';
import { afterTheYear, firstDay, type Plan } from './plan.ts';

export async function loadUsers(db: ClientBase): Promise<void> {
  await db.query(
    `insert into users (id, role)
     select ('00000000-0000-4000-8000-' || lpad(to_hex(number), 12, '0'))::uuid, 'learner'
     from generate_series(0, $1::integer - 1) as number`,
    [people],
  );
}

/**
 * A sixth are materials. Of the expired items, retention has removed all but one in 97; of the others, one in twenty has been
 * superseded by a newer version.
 */
export async function loadContents(db: ClientBase, { contents }: Plan): Promise<void> {
  await db.query(
    `insert into materials (id, title)
     select md5('content ' || number)::uuid, 'Material ' || number
     from generate_series(0, $1::integer - 1, 6) as number`,
    [contents],
  );
  await db.query(
    `insert into provenance (
       content_id, content_type, source_uri, license_type, acquisition_method, rights_holder, permission_flag, hash_sha256,
       retention_years, external_share_consent, acquired_at, verification_status, removed_at, superseded_at
     )
     select
       md5('content ' || number)::uuid, type, 'https://example.com/' || number, license, 'api_fetch', 'Holder ' || number % 97,
       number % 3 > 0, md5('text ' || number) || md5('more ' || number), years, number % 2 = 0, acquired, 'verified',
       case when expires < $2 and number % 97 > 0 then expires end,
       case when number % 20 = 0 then acquired + interval '90 days' end
     from generate_series(0, $1::integer - 1) as number
     cross join lateral (
       select
         case when number % 6 = 0 then 'material' when number % 2 = 0 then 'note_article' else 'creation_log' end::content_type as type,
         (enum_range(null::license_type))[1 + number % 9] as license,
         (array[null, 1, 2, 3, 5, 7, 10])[1 + abs(hashint4(number)) % 7] as years,
         $2::timestamptz - (abs(hashint4(number + 7919)::bigint) % 3650) * interval '1 day' as acquired
     ) as content
     cross join lateral (select acquired + make_interval(years => years) as expires) as due`,
    [contents, afterTheYear],
  );
}

/** Nine in ten are enabled and two in three healthy. */
export async function loadPlugins(db: ClientBase, { plugins }: Plan): Promise<void> {
  await db.query(
    `insert into plugin_registry (name, source, capabilities, enabled, version, health_status)
     select 'Plugin ' || lpad(number::text, 4, '0'), 'plugin-' || number, '{"list": true, "search": true}',
       number % 10 > 0, '1.0.0', case when number % 3 > 0 then 'healthy' else 'unhealthy' end
     from generate_series(1, $1::integer) as number`,
    [plugins],
  );
}

/** Seven a day. */
export async function loadFailures(db: ClientBase): Promise<void> {
  await db.query(
    `insert into chat_failure (at, stage, failure)
     select at, 'generate', case when hashint8(extract(epoch from at)::bigint) % 3 = 0 then 'cancelled' else 'internal' end
     from generate_series($1::date::timestamptz, $2, interval '24 hours' / 7) as at`,
    [firstDay, afterTheYear],
  );
}
