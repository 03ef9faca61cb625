-- Step 4 of docs/growth.md: holds every provenance row against the new key, while rows are read and written.
alter table provenance validate constraint provenance_dialogue_id_fkey;
