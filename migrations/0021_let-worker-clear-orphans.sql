-- Up Migration
-- Dialogues that adoption moved aside grow old like the others, and the worker deletes those.
create policy worker_has_all on orphaned_dialogue to rag_worker using (true);
grant select, delete on orphaned_dialogue to rag_worker;

-- Down Migration
revoke all on orphaned_dialogue from rag_worker;
drop policy if exists worker_has_all on orphaned_dialogue;
