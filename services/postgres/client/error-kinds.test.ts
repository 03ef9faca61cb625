import { expect, test } from 'vitest';
import { isDataError, isUnavailable } from './errors.ts';

function withCode(code: string): Error {
  return Object.assign(new Error('it failed'), { code });
}

test('a database that is down, full, on a broken disk, in recovery or out of reach is away, and no row is to blame', () => {
  for (const code of ['08006', '53100', '53300', '57P01', '57P02', '57P03', '58030', '25006', '40001', '57014']) {
    expect([code, isUnavailable(withCode(code)), isDataError(withCode(code))]).toEqual([code, true, false]);
  }
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']) {
    expect([code, isUnavailable(withCode(code))]).toEqual([code, true]);
  }
  for (const said of ['Query read timeout', 'timeout exceeded when trying to connect', 'Connection terminated']) {
    expect([said, isUnavailable(new Error(said))]).toEqual([said, true]);
  }
});

test('a value that does not fit is the fault of its row, and a mistake in a statement is neither', () => {
  for (const code of ['22003', '22P02', '23503', '23505']) {
    expect([code, isUnavailable(withCode(code)), isDataError(withCode(code))]).toEqual([code, false, true]);
  }
  expect([isUnavailable(withCode('42P01')), isDataError(withCode('42P01'))]).toEqual([false, false]);
});
