/** The job that embeds passages, for the worker's schedule and for the command. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Embed, isSameModel, PROBE } from '../chat/embed.ts';
import type { Pool } from '../postgres/client/connect.ts';
import {
  completeEmbeddingModel,
  type EmbeddingModel,
  insertEmbeddingModel,
  listEmbeddingModels,
} from '../postgres/embeddings/models.ts';
import { findPassagesToEmbed, insertEmbeddings, type PassageToEmbed } from '../postgres/embeddings/vectors.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';
import { dayOf } from '../rollup/day.ts';
import { type Retry, RunFailed, type RunResult } from '../rollup/leased-run.ts';
import { createJob, type Run } from './leased-job.ts';

/** The configured embeddings server, as the job uses it. */
export type EmbeddingJobServer = {
  readonly embed: Embed;
  readonly model: string;
  readonly passagePrefix: string;
  /** Whether it may read passages whose owner did not consent to sharing. */
  readonly trusted: boolean;
  /** Passages per request. */
  readonly batchSize: number;
  /** Null: no limit. */
  readonly requestsPerMinute: number | null;
};

export type EmbeddingRun = {
  readonly embedded: number;
  /** Passages that the server refused, which are tried again by the next run. */
  readonly refused: number;
};

/**
 * Embeds the passages that have no vector of the configured model. Each batch is written before the next one is sent, so an ended
 * run continues where it stopped. A model that the database does not know starts beside the one in use, which search uses until
 * all passages have a vector of the new one.
 * @param onProgress called after each batch
 * @param isRefusal whether the server refuses the texts of a request, rather than being unavailable
 */
export function embedPassages(
  pool: Pool,
  server: EmbeddingJobServer,
  { retry, now }: { retry: Retry; now: () => Date },
  {
    onProgress = () => {},
    isRefusal,
    ...run
  }: Omit<Run, 'since'> & { onProgress?: (run: EmbeddingRun) => void; isRefusal: (error: unknown) => boolean },
): Promise<RunResult<EmbeddingRun>> {
  let embedded = 0;
  const job = createJob(
    pool,
    jobs.embeddings,
    async (_, { signal, succeed }) => {
      let refused = 0;
      const model = await openModel(pool, server, signal);
      for (let after: string | null = null; ; ) {
        signal.throwIfAborted();
        const passages: readonly PassageToEmbed[] = await findPassagesToEmbed(pool, {
          modelId: model.id,
          trusted: server.trusted,
          after,
          limit: server.batchSize,
        });
        const last = passages.at(-1);
        if (last === undefined) break;
        after = last.id;
        const vectors = await embedBatch(server.embed, passages, isRefusal, signal);
        await insertEmbeddings(pool, model.id, vectors);
        embedded += vectors.length;
        refused += passages.length - vectors.length;
        onProgress({ embedded, refused });
        const { requestsPerMinute } = server;
        if (requestsPerMinute !== null) await pause(60_000 / requestsPerMinute, undefined, { signal });
      }
      if (embedded === 0 && refused > 0) {
        throw new RunFailed(`the embeddings server refused all ${refused} passages: check EMBEDDINGS_MODEL`);
      }
      await completeEmbeddingModel(pool, model.id);
      await succeed(embedded);
      return { embedded, refused };
    },
    retry,
  );
  return job(dayOf(now()), { ...run, since: null });
}

/** The stored model that answers like the server; a new one where there is none. */
async function openModel(pool: Pool, server: EmbeddingJobServer, signal: AbortSignal): Promise<EmbeddingModel> {
  const { model: name, passagePrefix } = server;
  const [probe] = await server.embed([PROBE], 'passage', signal);
  if (probe === undefined) throw new RunFailed('the embeddings server sent no vector');
  const stored = (await listEmbeddingModels(pool)).find(
    (each) => each.name === name && each.passagePrefix === passagePrefix && isSameModel(each.probe, probe),
  );
  return stored ?? insertEmbeddingModel(pool, { name, passagePrefix, probe });
}

/** Where the server refuses a batch, each of its passages is sent alone, and the refused ones are left out. */
async function embedBatch(
  embed: Embed,
  passages: readonly PassageToEmbed[],
  isRefusal: (error: unknown) => boolean,
  signal: AbortSignal,
) {
  const embedSome = async (some: readonly PassageToEmbed[]) => {
    const vectors = await embed(some.map(passageText), 'passage', signal);
    return some.flatMap(({ id }, index) => {
      const vector = vectors[index];
      return vector === undefined ? [] : [{ id, vector }];
    });
  };
  try {
    return await embedSome(passages);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const embedded: Awaited<ReturnType<typeof embedSome>> = [];
  for (const passage of passages) {
    try {
      embedded.push(...(await embedSome([passage])));
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return embedded;
}

/** A passage with the headings above it, which often name what it is about. */
function passageText({ title, heading, text }: PassageToEmbed): string {
  return [title, heading, text].filter((each) => each !== '').join('\n');
}
