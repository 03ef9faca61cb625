-- Reverts steps 1 and 2 of docs/growth.md, in one transaction. After step 3 only a restore does.
set local lock_timeout = '3s';
lock table ai_dialogue_log in share update exclusive mode;
set local lock_timeout = '500ms';
drop table ai_dialogue_log_months;
drop function rag_make_dialogue_month(date);
alter table ai_dialogue_log drop constraint ai_dialogue_log_before_months;
drop index if exists ai_dialogue_log_before_pkey;
