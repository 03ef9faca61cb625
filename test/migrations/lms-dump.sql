-- An LMS of its own making, as a dump of it reads: users and materials with more columns than are needed here, a base table of
-- dialogues with rows, some of users who were deleted, and tables that hang on all three.
create type user_role as enum ('learner', 'teacher', 'admin');

create table schools (
  id uuid primary key,
  name varchar(200) not null
);
create table users (
  id uuid primary key,
  school_id uuid not null references schools (id),
  email varchar(255) not null unique,
  display_name text not null,
  role user_role not null default 'learner',
  password_hash text not null,
  locale char(2) not null default 'ja',
  created_at timestamp not null default now()
);
create table materials (
  id uuid primary key,
  title varchar(300) not null,
  author_id uuid not null references users (id) on delete restrict,
  kind text not null check (kind in ('lesson', 'reading', 'quiz')),
  body text not null,
  published boolean not null default false,
  created_at timestamp not null default now()
);
create table ai_dialogue_log (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  session_id uuid not null,
  query text not null,
  response text not null,
  model_used varchar(100) not null,
  lesson_slug text,
  client jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index dialogue_by_lesson on ai_dialogue_log (lesson_slug);
create table bookmarks (
  user_id uuid not null references users (id) on delete cascade,
  dialogue_id uuid not null references ai_dialogue_log (id) on delete cascade,
  note text,
  primary key (user_id, dialogue_id)
);

insert into schools (id, name) values
  ('5c000000-0000-4000-8000-000000000001', '青葉音楽学院'),
  ('5c000000-0000-4000-8000-000000000002', 'Nordhavn Conservatory');
insert into users (id, school_id, email, display_name, role, password_hash) values
  ('0a000000-0000-4000-8000-000000000001', '5c000000-0000-4000-8000-000000000001', 'yuki@aoba.example', '佐藤 雪', 'learner', 'x'),
  ('0a000000-0000-4000-8000-000000000002', '5c000000-0000-4000-8000-000000000001', 'ken@aoba.example', '髙橋 健', 'teacher', 'x'),
  ('0a000000-0000-4000-8000-000000000003', '5c000000-0000-4000-8000-000000000002', 'ida@nordhavn.example', 'Ida Sørensen', 'learner', 'x');
insert into materials (id, title, author_id, kind, body, published) values
  ('3a000000-0000-4000-8000-000000000001', '和声学入門', '0a000000-0000-4000-8000-000000000002', 'lesson', '属七の和音は…', true),
  ('3a000000-0000-4000-8000-000000000002', 'Counterpoint, first species', '0a000000-0000-4000-8000-000000000002', 'reading', 'Note against note…', true);
insert into ai_dialogue_log (id, user_id, session_id, query, response, model_used, lesson_slug, client, created_at) values
  ('d1000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', '5e000000-0000-4000-8000-000000000001',
   '属七の和音とは何ですか？', '属音の上に作られる四和音です。「ソ・シ・レ・ファ」がその例です。', 'gpt-4o-mini', 'harmony-1', '{"os": "ios"}', '2026-02-28 23:59:59+09'),
  ('d1000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', '5e000000-0000-4000-8000-000000000001',
   'その解決は？', '通常は主和音へ解決します。🎵', 'gpt-4o-mini', 'harmony-1', '{}', '2026-03-01 00:00:00+09'),
  ('d1000000-0000-4000-8000-000000000003', '0a000000-0000-4000-8000-000000000003', '5e000000-0000-4000-8000-000000000002',
   'What is a passing tone?', 'A non-chord tone that fills the step between two chord tones.', 'gpt-4o-mini', null, '{}', '2026-03-01 18:20:00+09'),
  ('d1000000-0000-4000-8000-000000000004', 'dead0000-0000-4000-8000-000000000001', '5e000000-0000-4000-8000-000000000003',
   '退会した人の質問', '削除された利用者への回答です。', 'gpt-4o-mini', 'harmony-2', '{"os": "web"}', '2026-03-01 09:00:00+09'),
  ('d1000000-0000-4000-8000-000000000005', 'dead0000-0000-4000-8000-000000000001', '5e000000-0000-4000-8000-000000000003',
   'もう一つの質問', 'もう一つの回答です。', 'gpt-4o-mini', null, '{}', '2026-03-01 09:01:00+09'),
  ('d1000000-0000-4000-8000-000000000006', 'dead0000-0000-4000-8000-000000000002', '5e000000-0000-4000-8000-000000000004',
   'Gone too', 'An answer to somebody who left.', 'gpt-3.5-turbo', null, '{}', '2026-03-02 10:00:00+09');
insert into bookmarks (user_id, dialogue_id, note) values
  ('0a000000-0000-4000-8000-000000000001', 'd1000000-0000-4000-8000-000000000001', '試験前に読む');
