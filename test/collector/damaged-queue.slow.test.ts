/** Queue files that a crash or a disk has damaged: the Collector sets them aside, says so, and works. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { newSpanId, traces } from './otlp.ts';
import { type Collector, binary as collectorBinary, missing, runCollector } from './run-collector.ts';

const page = 4096;

describe.skipIf(missing !== null)('a damaged queue file', async () => {
  if (missing !== null) return;
  const unreachable = await openOtlpSink();
  await unreachable.close();
  let collector: Collector;
  let file: string;
  let intact: Buffer;

  beforeAll(async () => {
    collector = await runCollector(unreachable.url);
    for (let n = 0; n < 20; n += 1) {
      const spans = Array.from({ length: 100 }, () => ({ spanId: newSpanId(), attributes: { some: 'x'.repeat(200) } }));
      expect(await collector.send('traces', traces(spans))).toBe(200);
    }
    await collector.kill();
    const [name = ''] = readdirSync(collector.queueFolder).filter((each) => each.includes('tempo'));
    file = join(collector.queueFolder, name);
    intact = readFileSync(file);
  });
  afterAll(() => collector.kill());

  const overwritten = (bytes: Buffer, at: number) => {
    const damaged = Buffer.from(intact);
    bytes.copy(damaged, at);
    writeFileSync(file, damaged);
  };
  /** The page of the bucket's tree, which the newer of the two meta pages names. */
  const rootPage = () => {
    const [a, b] = [0, page].map((at) => ({
      tx: intact.readBigUInt64LE(at + 64),
      root: intact.readBigUInt64LE(at + 32),
    }));
    if (a === undefined || b === undefined) throw new Error('no meta pages');
    return Number(a.tx > b.tx ? a.root : b.root) * page;
  };

  const kinds: readonly [string, () => void][] = [
    ['cut to a third', () => truncateSync(file, Math.floor(intact.length / 3))],
    ['cut within its first page', () => truncateSync(file, 100)],
    ['with a page of zeros', () => overwritten(Buffer.alloc(page), rootPage())],
    ['with a page of random bytes', () => overwritten(randomBytes(page), rootPage())],
    ['with every page after the first two zeroed', () => overwritten(Buffer.alloc(intact.length - 2 * page), 2 * page)],
    ['of random bytes', () => writeFileSync(file, randomBytes(intact.length))],
    ['that is empty', () => writeFileSync(file, '')],
    [
      'with the wrong magic in both meta pages',
      () => {
        overwritten(Buffer.from('notbolt!'), 16);
        const damaged = readFileSync(file);
        Buffer.from('notbolt!').copy(damaged, page + 16);
        writeFileSync(file, damaged);
      },
    ],
    ['with random meta pages', () => overwritten(randomBytes(2 * page), 0)],
    [
      'that is a folder',
      () => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ];

  test.each(kinds)(
    '%s is set aside with a log line, and the Collector accepts data',
    { timeout: 120_000 },
    async (_kind, damage) => {
      for (const name of readdirSync(collector.queueFolder)) {
        rmSync(join(collector.queueFolder, name), { recursive: true });
      }
      writeFileSync(file, intact);
      damage();
      await collector.start();
      const aside = readdirSync(collector.queueFolder).filter((name) => name.includes('.damaged-'));
      expect(aside).toHaveLength(1);
      const line = collector
        .written()
        .split('\n')
        .find((each) => each.includes('a damaged queue file is set aside'));
      expect(JSON.parse(line ?? '')).toMatchObject({
        level: 'error',
        file,
        set_aside: join(collector.queueFolder, aside[0] ?? ''),
      });
      expect(await collector.send('traces', traces([{}]))).toBe(200);
      expect(statSync(file).size).toBeGreaterThan(0);
      await collector.kill();
    },
  );

  test('an intact file stays, and one with half of its last transaction is read or set aside', {
    timeout: 120_000,
  }, async () => {
    for (const name of readdirSync(collector.queueFolder)) {
      rmSync(join(collector.queueFolder, name), { recursive: true });
    }
    writeFileSync(file, intact);
    await collector.start();
    expect(readdirSync(collector.queueFolder).filter((name) => name.includes('.damaged-'))).toEqual([]);
    expect(await collector.send('traces', traces([{}]))).toBe(200);
    await collector.kill();
    // The newer meta page is half written, so that the older one, and its free pages, count.
    const half = readFileSync(file);
    const newer = half.readBigUInt64LE(64) > half.readBigUInt64LE(page + 64) ? 0 : page;
    half.fill(0, newer + 40, newer + page);
    writeFileSync(file, half);
    await collector.start();
    expect(await collector.send('traces', traces([{}]))).toBe(200);
    await collector.kill();
  });

  test('a file that the Collector may not read is set aside', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rag-unreadable-'));
    try {
      copyFileSync(collectorBinary(), join(folder, 'otelcol-start'));
      // In place of the Collector, which another user may not read in the cache.
      copyFileSync('/bin/true', join(folder, 'otelcol-rag'));
      const unreadable = join(folder, 'exporter_otlp_http_tempo_traces');
      writeFileSync(unreadable, intact, { mode: 0o000 });
      // Root reads every file.
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
      const env = { COLLECTOR_QUEUE_DIR: folder };
      const { status, stderr } = spawnSync(join(folder, 'otelcol-start'), ['--config', 'x'], {
        env,
        encoding: 'utf8',
        ...user,
      });
      expect(status).toBe(0);
      expect(JSON.parse(stderr)).toMatchObject({ level: 'error', file: unreadable });
      expect(readdirSync(folder).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
