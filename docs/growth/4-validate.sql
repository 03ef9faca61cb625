-- Step 4 of docs/growth.md: validates the new foreign key of every provenance row, during reads and writes.
alter table provenance validate constraint provenance_dialogue_id_fkey;
