/** Asks every labelled question of each corpus, as the service does without a model, and keeps what the gate sees. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { type Evidence, evidenceOf } from '../../services/chat/gate/evidence.ts';
import { quotedOf } from '../../services/chat/gate/gate-answers.ts';
import { startEmbedded } from '../../services/embedded-postgres/server.ts';
import { generateExtractively } from '../../services/llm/extractive.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { createRetrieve } from '../../services/postgres/search/retrieve-passages.ts';
import { ingest } from '../../services/sources/ingest/ingest.ts';
import { type Case, isRight, readCases } from './cases.ts';
import { fetchCorpora } from './corpora.ts';

export type Observed = {
  readonly of: Case;
  /** Null: nothing was retrieved or nothing was quotable, which is refused at any threshold. */
  readonly evidence: Evidence | null;
  /** Whether the answer quotes a labelled text; null: not labelled. */
  readonly right: boolean | null;
};

const requester = { userId: '', role: 'learner', groups: [], ip: null, country: null };

/** @param cache directory of downloads and of the database */
export async function observeAll(cache: string): Promise<readonly Observed[]> {
  const corpora = await fetchCorpora(cache);
  const cases = await readCases(corpora.debian);
  const observed: Observed[] = [];
  for (const [name, directory] of Object.entries(corpora)) {
    const own = cases.filter(({ corpus }) => corpus === name);
    // A database for each: rarity is a property of the whole corpus.
    const dataDir = join(cache, 'not-found', name);
    await rm(dataDir, { recursive: true, force: true });
    const server = await startEmbedded({ dataDir, log: () => {} });
    try {
      observed.push(...(await observeCorpus({ url: server.url, name, directory, cases: own })));
    } finally {
      await server.stop();
    }
  }
  return observed;
}

type Corpus = {
  readonly url: string;
  readonly name: string;
  readonly directory: string;
  readonly cases: readonly Case[];
};

async function observeCorpus({ url, name, directory, cases }: Corpus): Promise<readonly Observed[]> {
  const pool = connect(url, { name: 'bench', max: 4 });
  try {
    await migrate(url);
    const deps = { store: createStoreContent(pool), clock: () => performance.now() };
    const metadata = { license: 'cc_by_sa' as const, permission: true };
    const { passages } = await ingest([directory], { metadata, sourceBase: `https://bench.example/${name}/` }, deps);
    await pool.query('vacuum analyze');
    console.error(`${name}: ${passages} passages, ${cases.length} questions`);
    const observed: Observed[] = [];
    for (const one of cases) observed.push(await observe(pool, one));
    return observed;
  } finally {
    await pool.end();
  }
}

async function observe(pool: Pool, of: Case): Promise<Observed> {
  const retrieve = createRetrieve({ pool, remoteModel: false, commercialUse: false, now: () => new Date() });
  const { signal } = new AbortController();
  const { passages, asked } = await retrieve({ query: of.question, history: [], requester, signal });
  const { text } = await generateExtractively({ query: of.question, history: [], passages, signal });
  const quoted = quotedOf(text, passages);
  const right = isRight(of, quoted.map((each) => each.text).join(''));
  return { of, evidence: asked && quoted.length > 0 ? evidenceOf(of.question, asked, quoted) : null, right };
}
