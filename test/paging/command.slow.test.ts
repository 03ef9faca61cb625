/** The `gameday` command on its own stack and on another environment: real programs, Prometheus and Alertmanager. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { controlClient } from '../../gameday/control/control-client.ts';
import type { Report } from '../../gameday/report.ts';
import { gamedayFolder, readControlFile } from '../../gameday/stack/control-file.ts';
import { readAlertmanager } from '../../gameday/watch/read-alerts.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { control, missing, stackInfo, startGameday } from './run-gameday.ts';

killLeftovers();

describe.skipIf(missing !== null)('the command', () => {
  test('on Ctrl-C the stack recovers, and the command reports and exits with 130', async () => {
    const { child, ran } = startGameday(['citation-drop', '--json']);
    await until(async () => (await control().status()).running === 'citation-drop');
    child.kill('SIGINT');
    const { code, stdout } = await ran;
    expect(code).toBe(130);
    const { steps, failures } = JSON.parse(stdout) as Report;
    expect(steps.map(({ action }) => action)).toEqual([
      'set the model: citations none',
      'reset the model: citations quoted',
    ]);
    expect(failures).toContain('the incident was interrupted');
    expect((await control().status()).running).toBeNull();
  });

  test('the stack recovers when the command is killed', async () => {
    const { child, ran } = startGameday(['citation-drop']);
    await until(async () => (await control().status()).running === 'citation-drop');
    child.kill('SIGKILL');
    await ran;
    await until(async () => (await control().status()).running === null);
  });

  test('in another environment it watches the alerts, leaves processes alone and reports an unused model', async () => {
    const { prometheus, alertmanager } = await stackInfo();
    const dataDir = mkdtempSync(join(tmpdir(), 'rag-model-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const model = startChild(process.execPath, ['gameday/model.ts', '--port', '0'], { env: { DATA_DIR: dataDir } });
    await model.line(/^LLM_BASE_URL=http/);
    const address = readControlFile(gamedayFolder(dataDir));
    if (address === null) throw new Error('the model server wrote no control file');
    const environment = ['--prometheus', prometheus, '--alertmanager', alertmanager];

    const refused = await startGameday(['database-down', ...environment, '--yes-really'], dataDir).ran;
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('it needs control of processes and the database');

    // The stack does not use the second model server, so its own has to fail, too.
    const command = startGameday(['errors', ...environment, '--json'], dataDir);
    const modelControl = controlClient(address);
    await until(async () => (await modelControl.status()).running === 'errors');
    const run = await control().start('errors');
    await until(async () => (await modelControl.status()).running === null);
    await run.recover();
    const { code, stdout } = await command.ran;
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ notificationSource: 'alertmanager', scale: 1 });
    expect(report.failures).toEqual([
      'the model server received no request: set LLM_BASE_URL of the stack to its address, then run it again',
    ]);
    expect(report.expected[0]).toMatchObject({ firedAfter: expect.any(Number), notifiedAfter: expect.any(Number) });
    expect(code).toBe(1);
    expect((await readAlertmanager(alertmanager)).some(({ labels }) => labels.gameday !== undefined)).toBe(true);
    model.process.kill('SIGTERM');
    await model.ended();
  });

  test('an unknown incident is refused with the list of incidents', async () => {
    const { code, stderr } = await startGameday(['rain']).ran;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/Unknown incident "rain"\. Choose one of: citation-drop, slow-model/),
    ]);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(50);
}
