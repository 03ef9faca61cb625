-- Step 2 of docs/growth.md, statement by statement outside a transaction: reads the whole table without blocking.
create unique index concurrently ai_dialogue_log_before_pkey on ai_dialogue_log (id, created_at);
alter table ai_dialogue_log validate constraint ai_dialogue_log_before_months;
