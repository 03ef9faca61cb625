/** PROGRAM of a test: syncs one source once, as fast as it answers, and prints the counts and its memory. Arguments: URL of the database, source, key. */
import { connect } from '../../services/postgres/client/connect.ts';
import { readSourceStatuses } from '../../services/postgres/sources/source-status.ts';
import { sync } from '../kit/source.ts';

const [url = '', source, key] = process.argv.slice(2);
const pool = connect(url, { name: 'large-sync', role: 'rag_worker' });
try {
  const row = (await readSourceStatuses(pool)).find((each) => each.source === source);
  if (row === undefined) throw new Error(`there is no source ${source}`);
  const limits = { backOffMs: 1, perMinute: 6_000_000 };
  const given = { pool, readKey: () => key, commercialUse: false, now: () => new Date(), limits };
  const { counts, error, failures } = await sync(given, row);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ counts, error, failures: failures.length, megabytes }));
} finally {
  await pool.end();
}
