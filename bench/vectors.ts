/**
 * Measures the search by meaning with and without pgvector, on synthetic passages: `npm run bench -- vectors [--passages 12000]
 * [--dimensions 512] [CACHE]`. The vectors are random points around a thousand centres, as passages are about subjects.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { toUnitLength, type Vector } from '../services/chat/embed.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { insertEmbeddingModel } from '../services/postgres/embeddings/models.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { findVectorIndex, keepReadable, searchVectorIndex } from '../services/postgres/search/nearest-passages.ts';
import { createVectorMemory } from '../services/postgres/search/vector-memory.ts';
import { startWithPgvector } from './pgvector.ts';
import { quantile } from './retrieval-metrics.ts';

const { values: flags, positionals } = parseArgs({
  options: { passages: { type: 'string', default: '12000' }, dimensions: { type: 'string', default: '512' } },
  allowPositionals: true,
});
const [passages, dimensions] = [Number(flags.passages), Number(flags.dimensions)];
const limit = 50;
const asked = 100;
const centres = 1_000;
const batch = 2_000;
/** From here on the vectors are not held in memory: the service is then run with pgvector. */
const mostInMemory = 100_000;
const requester = { groups: [], country: null, ip: null };
const reader = { requester, commercialUse: false, filters: null, now: new Date() };

const cache = positionals[0] ?? join('.data', 'bench-vectors');
const server = await startWithPgvector(cache, { fsync: 'off', shared_buffers: '2GB', maintenance_work_mem: '1GB' });
const pool = connect(server.url, { name: 'bench', max: 4, pipeline: true, statementTimeoutMs: 3_600_000 });
try {
  await pool.query('drop schema if exists reporting cascade; drop schema public cascade; create schema public');
  const superuser = connect(server.superuserUrl, { name: 'bench', max: 1 });
  await superuser.query('create extension vector').finally(() => superuser.end());
  await migrate(server.url);
  await measure(pool);
} finally {
  await pool.end();
  await server.stop();
}

async function measure(pool: Pool): Promise<void> {
  const random = seeded(20_261_130);
  const middle = Array.from({ length: centres }, () => point(random, dimensions));
  const near = (): Vector => {
    const centre = middle[Math.floor(random() * centres)] as Vector;
    return unit(centre.map((value) => value + (0.7 * gaussian(random)) / Math.sqrt(dimensions)));
  };
  const model = await insertEmbeddingModel(pool, { name: 'synthetic', passagePrefix: '', probe: near() });
  const start = performance.now();
  for (let first = 0; first < passages; first += batch) {
    await insertBatch(pool, model.id, Array.from({ length: Math.min(batch, passages - first) }, near), first);
  }
  console.log(`${passages} passages inserted with their index entries in ${seconds(start)} s`);
  await pool.query('vacuum analyze');
  const questions = Array.from({ length: asked }, near);
  const home = await findVectorIndex(pool, model.id);
  if (home === null) throw new Error('pgvector has no index');
  const byIndex: (readonly string[])[] = [];
  await time('pgvector', questions, async (question) => {
    const found = await searchVectorIndex(
      pool,
      { modelId: model.id, dimensions, home },
      { question, limit, ...reader },
    );
    byIndex.push(found.map(({ passageId }) => passageId));
  });
  if (passages > mostInMemory) return;
  const memory = createVectorMemory(pool, { modelId: model.id, dimensions, clock: () => performance.now() });
  const exact: (readonly string[])[] = [];
  await time('in memory, exact', questions, async (question) => {
    const kept = await keepReadable(pool, (await memory.nearest(question)).slice(0, 200), { ...reader, limit });
    exact.push(kept.map(({ passageId }) => passageId));
  });
  const same = exact.map((ids, index) => ids.filter((id) => byIndex[index]?.includes(id)).length / ids.length);
  console.log(
    `pgvector finds ${((100 * same.reduce((sum, each) => sum + each, 0)) / same.length).toFixed(1)} % of the exact fifty`,
  );
}

/** A document for each hundred passages. */
async function insertBatch(pool: Pool, modelId: number, vectors: readonly Vector[], first: number): Promise<void> {
  await pool.query({
    name: 'insert-synthetic',
    text: `
      with input as (
        select vector::real[] as vector, ordinality + $3::integer - 1 as number, md5(((ordinality + $3::integer - 1) / 100)::text)::uuid as content_id
        from unnest($2::text[]) with ordinality as input(vector, ordinality)
      ), document as (
        insert into provenance (content_id, content_type, license_type, permission_flag, acquisition_method, acquired_at)
        select distinct content_id, 'note_article'::content_type, 'cc_by'::license_type, true, 'manual_upload'::acquisition_method, now()
        from input
      ), stored as (
        insert into passage (content_id, content_type, position, paragraph_index, title, text, terms, term_count)
        select content_id, 'note_article', number % 100, 0, '', 'passage ' || number, '', 0 from input
        returning id, content_id, position
      )
      insert into passage_embedding (model_id, passage_id, vector)
      select $1, stored.id, input.vector from stored join input on input.content_id = stored.content_id and input.number % 100 = stored.position`,
    values: [
      modelId,
      vectors.map((vector) => `{${Array.from(vector, (value) => value.toPrecision(6)).join(',')}}`),
      first,
    ],
  });
}

async function time(
  name: string,
  questions: readonly Vector[],
  search: (question: Vector) => Promise<void>,
): Promise<void> {
  for (const question of questions.slice(0, 10)) await search(question);
  const times: number[] = [];
  for (const question of questions) {
    const start = performance.now();
    await search(question);
    times.push(performance.now() - start);
  }
  console.log(`${name}: median ${quantile(times, 0.5).toFixed(1)} ms, P95 ${quantile(times, 0.95).toFixed(1)} ms`);
}

function seconds(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}

function unit(values: ArrayLike<number>): Vector {
  return toUnitLength(values) as Vector;
}

function point(random: () => number, size: number): Vector {
  return unit(Array.from({ length: size }, () => gaussian(random)));
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mulberry32: the same vectors in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
