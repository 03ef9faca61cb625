import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDataDir } from '../services/runtime/data-dir.ts';
import { runGameday } from './command.ts';
import { gamedayFolder, recallControl, rememberControl } from './stack/remember-stack.ts';

function given() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gameday-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const terminal = { write, columns: undefined };
  return { dataDir, write, terminal, clock: () => 0, signal: new AbortController().signal, written };
}

test('what cannot be played is refused before anything is touched, and nothing is printed as a report', async () => {
  const { written, ...rest } = given();
  await expect(runGameday('rain', {}, rest)).rejects.toThrow('There is no incident "rain". There are: citation-drop,');
  await expect(runGameday('errors', { wait: '7m' }, rest)).rejects.toThrow('--wait must be a whole number of seconds');
  await expect(runGameday('errors', {}, rest)).rejects.toThrow(
    `No stack for game days runs with DATA_DIR ${rest.dataDir}`,
  );
  expect(written).toEqual([]);
});

test('the command finds the stack that was started last, until that one has ended', () => {
  const folder = gamedayFolder(given().dataDir);
  makeDataDir(folder);
  expect(recallControl(folder)).toBeNull();
  const forget = rememberControl(folder, { url: 'http://127.0.0.1:1007', secret: 's-7' });
  expect(recallControl(folder)).toEqual({ url: 'http://127.0.0.1:1007', secret: 's-7' });
  forget();
  expect(recallControl(folder)).toBeNull();
});
