/** The command on stacks that it may and may not touch: real programs, a real Prometheus, a real Alertmanager. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { reachControl } from '../../gameday/control/reach-control.ts';
import type { Report } from '../../gameday/report.ts';
import { gamedayFolder, recallControl } from '../../gameday/stack/remember-stack.ts';
import { readAlertmanager } from '../../gameday/watch/read-alerts.ts';
import { killLeftovers, startChild } from '../kit/child.ts';
import { control, describeStack, missing, startGameday } from './play.ts';

killLeftovers();

describe.skipIf(missing !== null)('the command', () => {
  test('at Ctrl-C it heals what it injected, reports, and ends as Ctrl-C does', async () => {
    const { child, ran } = startGameday(['citation-drop', '--json']);
    await until(async () => (await control().describe()).playing === 'citation-drop');
    child.kill('SIGINT');
    const { code, stdout } = await ran;
    expect(code).toBe(130);
    const { steps, failures } = JSON.parse(stdout) as Report;
    expect(steps.map(({ did }) => did)).toEqual(['the model: citations none', 'the model: citations quoted']);
    expect(failures).toContain('it was ended early');
    expect((await control().describe()).playing).toBeNull();
  });

  test('killed in the middle, it leaves nothing injected', async () => {
    const { child, ran } = startGameday(['citation-drop']);
    await until(async () => (await control().describe()).playing === 'citation-drop');
    child.kill('SIGKILL');
    await ran;
    await until(async () => (await control().describe()).playing === null);
  });

  test('a stack that something else started: its alerts are watched, its processes left alone, an unasked model told', async () => {
    const { prometheus, alertmanager } = await describeStack();
    const dataDir = mkdtempSync(join(tmpdir(), 'rag-model-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const model = startChild(process.execPath, ['gameday/model.ts', '--port', '0'], { env: { DATA_DIR: dataDir } });
    await model.line(/^LLM_BASE_URL=http/);
    const place = recallControl(gamedayFolder(dataDir));
    if (place === null) throw new Error('the model server left no control address');
    const there = ['--prometheus', prometheus, '--alertmanager', alertmanager];

    const refused = await startGameday(['database-away', ...there, '--yes-really'], dataDir).ran;
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('it needs power over processes and the database');

    // The model that fails is not the stack's own, so the stack's own has to fail beside it.
    const elsewhere = startGameday(['errors', ...there, '--json'], dataDir);
    const modelControl = reachControl(place);
    await until(async () => (await modelControl.describe()).playing === 'errors');
    const own = await control().begin('errors');
    await until(async () => (await modelControl.describe()).playing === null);
    await own.end();
    const { code, stdout } = await elsewhere.ran;
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ toldBy: 'alertmanager', scale: 1 });
    expect(report.failures).toEqual([
      'the model server was asked nothing: is its address the LLM_BASE_URL of the stack?',
    ]);
    expect(report.expected[0]).toMatchObject({ firedAfter: expect.any(Number), toldAfter: expect.any(Number) });
    expect(code).toBe(1);
    expect((await readAlertmanager(alertmanager)).some(({ labels }) => labels.gameday !== undefined)).toBe(true);
    model.process.kill('SIGTERM');
    await model.ended();
  });

  test('an incident of no such name is refused, with those that there are', async () => {
    const { code, stderr } = await startGameday(['rain']).ran;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/no incident "rain"\. There are: citation-drop, slow-model/),
    ]);
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50);
}
