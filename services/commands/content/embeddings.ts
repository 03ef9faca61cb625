/** `cli -- embeddings …`: shows how many passages have a vector, and embeds the others. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { embedPassages } from '../../jobs/embed-passages.ts';
import { commandRetry } from '../../jobs/leased-job.ts';
import { isRefusedRequest } from '../../llm/embeddings/scoring-client.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { type EmbeddingModel, indexEmbeddings, listEmbeddingModels } from '../../postgres/embeddings/models.ts';
import { countEmbeddings, countEmbeddingsOf } from '../../postgres/embeddings/vectors.ts';
import { findVectorIndex } from '../../postgres/search/nearest-passages.ts';
import { count } from '../../runtime/console.ts';
import { embeddingJobServer } from '../../wiring/semantic-search.ts';
import { showProgress, type Terminal } from '../progress.ts';

export type EmbeddingsCommand = {
  readonly pool: Pool;
  readonly embeddings: Config['embeddings'];
  readonly terminal: Terminal;
  readonly clock: () => number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
};

/** @param run passes the dependencies to the action and sets the exit code */
export function describeEmbeddings(
  command: Command,
  run: (action: (deps: EmbeddingsCommand) => Promise<number>) => Promise<void>,
): void {
  command.description('vectors of passages, by which questions find them by meaning (docs/embeddings.md)');
  command
    .command('status')
    .description('print the models, how many passages have a vector, and how they are searched')
    .action(() => run(printStatus));
  command
    .command('build')
    .description('embed the passages without a vector now, instead of waiting for the worker')
    .action(() => run(build));
  command
    .command('index')
    .description("create pgvector's index for stored vectors, after pgvector was installed")
    .action(() => run(createIndexes));
}

async function printStatus({ pool, embeddings, terminal: { write } }: EmbeddingsCommand): Promise<number> {
  const models = await listEmbeddingModels(pool);
  if (embeddings === null) {
    write('EMBEDDINGS_BASE_URL is not set: questions are searched by words only\n');
  } else {
    const { host } = new URL(embeddings.baseUrl);
    const reads = embeddings.trusted ? 'may read every document' : 'reads documents with consent to sharing only';
    write(`server    ${host}, model ${embeddings.model}, ${reads}\n`);
  }
  const trusted = embeddings?.trusted ?? true;
  for (const model of models) write(`${await modelLine(pool, model, trusted)}\n`);
  if (embeddings === null || models.some(({ name }) => name === embeddings.model)) return 0;
  const { pending } = await countEmbeddingsOf(pool, embeddings);
  write(
    `${embeddings.model}: not started, ${count(pending, 'passage')} to embed; the worker does it, or \`embeddings build\`\n`,
  );
  return 0;
}

async function modelLine(
  pool: Pool,
  { id, name, dimensions, completedAt }: EmbeddingModel,
  trusted: boolean,
): Promise<string> {
  const { embedded, pending, withheld } = await countEmbeddings(pool, { modelId: id, trusted });
  const all = embedded + pending;
  const percent = all === 0 ? 100 : Math.floor((100 * embedded) / all);
  const state = completedAt === null ? 'being built, not searched yet' : `complete since ${completedAt.toISOString()}`;
  const search = (await findVectorIndex(pool, id)) === null ? 'exact search in memory' : 'pgvector index';
  const left = withheld === 0 ? '' : `, ${withheld} withheld: no consent to sharing`;
  return `${name}  ${embedded} of ${all} passages (${percent} %)${left}  ${dimensions} dimensions  ${state}  ${search}`;
}

async function build({ pool, embeddings, terminal, clock, now, signal }: EmbeddingsCommand): Promise<number> {
  if (embeddings === null) throw new Error('set EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL, see docs/embeddings.md');
  const { pending } = await countEmbeddingsOf(pool, embeddings);
  const progress = showProgress(terminal, clock);
  const result = await embedPassages(
    pool,
    embeddingJobServer(embeddings),
    { retry: commandRetry, now },
    {
      runId: randomUUID(),
      signal,
      isRefusal: isRefusedRequest,
      onProgress: ({ embedded }) =>
        progress.update(`${embedded}/${Math.max(pending, embedded)} passages`, embeddings.model),
    },
  );
  progress.end();
  switch (result.state) {
    case 'succeeded': {
      const { embedded, refused } = result.outcome;
      terminal.write(
        `embedded ${count(embedded, 'passage')}${refused === 0 ? '' : `, the server refused ${refused}`}\n`,
      );
      return 0;
    }
    case 'elsewhere':
      terminal.write('skipped: a worker is running this job; see `embeddings status`\n');
      return 1;
    case 'failed':
      terminal.write(`failed: ${result.error}\n`);
      return 1;
    case 'stopped':
      terminal.write('stopped; the next run continues here\n');
      return 1;
  }
}

async function createIndexes({ pool, terminal: { write } }: EmbeddingsCommand): Promise<number> {
  let missing = 0;
  for (const { id, name } of await listEmbeddingModels(pool)) {
    const made = await indexEmbeddings(pool, id);
    if (!made) missing += 1;
    write(
      made
        ? `${name}: indexed; restart the chat servers to use it\n`
        : `${name}: no index: the server has no pgvector, or the owner of the tables may not create extensions\n`,
    );
  }
  return missing === 0 ? 0 : 1;
}
