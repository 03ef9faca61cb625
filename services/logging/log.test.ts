import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createLog, loadFormatter } from './log.ts';

function logged(level: string) {
  const lines: string[] = [];
  return { lines, log: createLog('chat-server', level, { write: (line) => void lines.push(line) }) };
}

test('a line is JSON with level name, time, program and fields', () => {
  const { lines, log } = logged('info');
  log.info({ route: '/ask', ms: 37 }, 'request');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    program: 'chat-server',
    route: '/ask',
    ms: 37,
    msg: 'request',
  });
});

test('lines below the level are not written', () => {
  const { lines, log } = logged('warn');
  log.info('unheard');
  log.warn('heard');
  expect(lines).toHaveLength(1);
});

test('credentials are redacted at any depth', () => {
  const { lines, log } = logged('info');
  const headers = { authorization: 'himitsu', cookie: 'himitsu', 'set-cookie': 'himitsu' };
  log.info({ headers, req: { headers }, token: 'himitsu', config: { apiKey: 'himitsu', password: 'himitsu' } }, 'x');
  expect(lines.join()).not.toContain('himitsu');
});

test('an error is described without its message, and a described one is unchanged', () => {
  const { lines, log } = logged('info');
  log.error({ err: new Error('quotes himitsu') }, 'failed');
  log.error({ error: { kind: 'error', code: '22P02' } }, 'failed');
  expect(lines.join()).not.toContain('himitsu');
  expect(JSON.parse(lines[0] ?? '').err.type).toBe('Error');
  expect(JSON.parse(lines[1] ?? '').error).toEqual({ kind: 'error', code: '22P02' });
});

test('a terminal shows time, level, program, message and fields on one line', async () => {
  const { lines, log } = logged('info');
  log.warn({ ms: 37, route: '/ask', nested: { a: [1] } }, 'slow');
  const formatLine = await loadFormatter();
  expect(stripVTControlCharacters(formatLine(lines[0] ?? ''))).toMatch(
    /^\[\d\d:\d\d:\d\d\] WARN: chat-server slow \{"ms":37,"route":"\/ask","nested":\{"a":\[1\]\}\}\n$/,
  );
});
