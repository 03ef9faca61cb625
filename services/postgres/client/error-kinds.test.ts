import { expect, test } from 'vitest';
import { isDataError, isUnavailable } from './errors.ts';

function withCode(code: string): Error {
  return Object.assign(new Error('it failed'), { code });
}

test('a database that is down, full, in recovery, unreachable or has a disk failure is unavailable, and the row is not at fault', () => {
  for (const code of ['08006', '53100', '53300', '57P01', '57P02', '57P03', '58030', '25006', '40001', '57014']) {
    expect([code, isUnavailable(withCode(code)), isDataError(withCode(code))]).toEqual([code, true, false]);
  }
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']) {
    expect([code, isUnavailable(withCode(code))]).toEqual([code, true]);
  }
  for (const message of ['Query read timeout', 'timeout exceeded when trying to connect', 'Connection terminated']) {
    expect([message, isUnavailable(new Error(message))]).toEqual([message, true]);
  }
});

test('an invalid value is a data error, and a mistake in a statement is neither', () => {
  for (const code of ['22003', '22P02', '23503', '23505']) {
    expect([code, isUnavailable(withCode(code)), isDataError(withCode(code))]).toEqual([code, false, true]);
  }
  expect([isUnavailable(withCode('42P01')), isDataError(withCode('42P01'))]).toEqual([false, false]);
});
