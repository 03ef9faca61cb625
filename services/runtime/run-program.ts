/** Runs a program that needs a database, from configuration to exit code. */
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { createLog, type Log } from '../logging/log.ts';
import { printError } from './console.ts';
import { listenForStop } from './shutdown-signal.ts';
import { useProxy } from './use-proxy.ts';

export type Started = {
  /** Finishes the work in flight. */
  readonly drain: () => Promise<void>;
};

/**
 * Never returns. Sends `ready` to the parent process, drains on the first stop request, and exits at once on the
 * second.
 * @param name for messages: `chat server`
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
        `DATABASE_URL: is required to run the ${name} on its own. Set it, or use \`npm start\`, which starts an embedded database.`,
      );
    }
    useProxy(config.proxy);
    const log = createLog(name.replaceAll(' ', '-'), config.logLevel);
    exitOnUncaughtError(log);
    const started = await start(config, databaseUrl, log);
    process.send?.('ready');
    const code = await stop.requested;
    stop.forced.then(() => process.exit(code));
    await started.drain();
    process.exit(code);
  } catch (error) {
    printError(error);
    process.exit(1);
  }
}

/** Node would print the error in full, and with it any user text that it quotes. */
function exitOnUncaughtError(log: Log): void {
  const exit = (err: unknown) => {
    log.fatal({ err }, 'uncaught error: the program exits');
    process.exit(1);
  };
  process.on('uncaughtException', exit).on('unhandledRejection', exit);
}
