/** Tells of the content that is there by which source it came, and in which language it is, while provenance is read and written. */
import type { MigrationBuilder } from 'node-pg-migrate';

/** Tens of milliseconds' work each, so that nobody waits for a row for long. */
const batch = 500;

/** So far everything came from files. Killed half-way, it goes on where it was. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const [{ filled }] = await pgm.db.select(`select exists (select from provenance where ${untold}) as filled`);
  if (!filled) return;
  pgm.noTransaction();
  let told: number;
  do {
    told = (await pgm.db.query({ text: tellSome, values: [batch] })).rowCount ?? 0;
  } while (told === batch);
}

/** The columns go with 0028. */
export function down(): void {}

const untold = `content_type <> 'ai_response' and acquisition_method is not null and source is null`;

const tellSome = `
  update provenance set
    source = 'local',
    language = (
      select case when text ~ '[ぁ-ん]' then 'ja' when text ~* '\\m(the|and|of|to|is)\\M' then 'en' end
      from passage
      where passage.content_id = provenance.content_id and passage.content_type = provenance.content_type
      order by position limit 1
    )
  where id in (select id from provenance where ${untold} limit $1 for update skip locked)`;
