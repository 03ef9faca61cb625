/** Runs a program that needs a database from its configuration to its exit code. */
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { createLog, type Log } from '../logging/log.ts';
import { tellPerson } from './console.ts';
import { listenForStop } from './shutdown-signal.ts';

export type Started = {
  /** Finishes what is under way. */
  readonly drain: () => Promise<void>;
};

/**
 * Never returns. Says `ready` to the program that started this one, and drains when told to stop; told twice, it ends at once.
 * @param name as a person calls it: `chat server`
 */
export async function runProgram(
  name: string,
  start: (config: Config, databaseUrl: string, log: Log) => Promise<Started>,
): Promise<never> {
  const stop = listenForStop();
  try {
    const config = loadConfig(process.env);
    const { databaseUrl } = config;
    if (databaseUrl === undefined) {
      throw new ConfigError(
        `DATABASE_URL: is needed to run the ${name} by itself; \`npm start\` brings a database along`,
      );
    }
    const log = createLog(name.replaceAll(' ', '-'), config.logLevel);
    endOnBug(log);
    const started = await start(config, databaseUrl, log);
    process.send?.('ready');
    const code = await stop.asked;
    stop.hurried.then(() => process.exit(code));
    await started.drain();
    process.exit(code);
  } catch (error) {
    tellPerson(error);
    process.exit(1);
  }
}

/** Node would print the error as it is, and with it the text of users that it may quote. */
function endOnBug(log: Log): void {
  const end = (err: unknown) => {
    log.fatal({ err }, 'a bug ended the program');
    process.exit(1);
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}
