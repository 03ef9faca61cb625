/** PROGRAM for a test: syncs a source once without rate limits, and prints the counts and its memory. Arguments: database URL, source, key. */
import { connect } from '../../services/postgres/client/connect.ts';
import { readSourceStatuses } from '../../services/postgres/sources/source-status.ts';
import { sync } from '../kit/sources/source.ts';

const [url = '', source, key] = process.argv.slice(2);
const pool = connect(url, { name: 'large-sync', role: 'rag_worker' });
try {
  const row = (await readSourceStatuses(pool)).find((each) => each.source === source);
  if (row === undefined) throw new Error(`unknown source ${source}`);
  const limits = { backOffMs: 1, perMinute: 6_000_000 };
  const deps = { pool, readKey: () => key, commercialUse: false, now: () => new Date(), limits };
  const { counts, error, failures } = await sync(deps, row);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ counts, error, failures: failures.length, megabytes }));
} finally {
  await pool.end();
}
