/** Ends a program on an error that nobody caught, told through its log. */
import type { Log } from './log.ts';

/** Node would print the error as it is, and with it the text of users that it may quote. */
export function endOnBug(log: Log): void {
  const end = (err: unknown) => {
    log.fatal({ err }, 'a bug ended the program');
    process.exit(1);
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}
