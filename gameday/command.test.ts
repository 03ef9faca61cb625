import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDataDir } from '../services/runtime/data-dir.ts';
import { runGameday } from './command.ts';
import { gamedayFolder, readControlFile, writeControlFile } from './stack/control-file.ts';

function options() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gameday-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const terminal = { write, columns: undefined };
  return { dataDir, write, terminal, clock: () => 0, signal: new AbortController().signal, written };
}

test('invalid arguments and a missing stack are errors, and no report is printed', async () => {
  const { written, ...rest } = options();
  await expect(runGameday('rain', {}, rest)).rejects.toThrow('Unknown incident "rain". Choose one of: citation-drop,');
  await expect(runGameday('errors', { wait: '7m' }, rest)).rejects.toThrow('--wait must be a whole number of seconds');
  await expect(runGameday('errors', {}, rest)).rejects.toThrow(`No game-day stack runs with DATA_DIR ${rest.dataDir}`);
  expect(written).toEqual([]);
});

test('the command finds the stack that was started last, until it stops', () => {
  const folder = gamedayFolder(options().dataDir);
  makeDataDir(folder);
  expect(readControlFile(folder)).toBeNull();
  const remove = writeControlFile(folder, { url: 'http://127.0.0.1:1007', secret: 's-7' });
  expect(readControlFile(folder)).toEqual({ url: 'http://127.0.0.1:1007', secret: 's-7' });
  remove();
  expect(readControlFile(folder)).toBeNull();
});
