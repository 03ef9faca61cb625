/** An error of a job as one line for the job_run table and the log, without what it may quote of users. */
import { describeError } from './describe-error.ts';

/** SQLSTATE classes whose messages quote values: data exceptions, integrity violations, errors raised by functions. */
const quotesValues = /^(22|23|P0)/;
const sqlState = /^[0-9A-Z]{5}$/;

export function describeJobError(error: unknown): string {
  const { type, code, message, table } = describeError(error);
  if (code !== undefined && sqlState.test(code) && error instanceof Error) {
    const about = table === undefined ? '' : ` on ${table}`;
    return quotesValues.test(code) ? `PostgreSQL ${code}${about}` : `PostgreSQL ${code}: ${oneLine(error.message)}`;
  }
  return [type, code, message === undefined ? undefined : oneLine(message)]
    .filter((part) => part !== undefined)
    .join(': ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
