/** Explains which variable to change when a server cannot listen on its address. */

export class ListenError extends Error {}

type ListenAddress = {
  readonly host: string;
  readonly port: number;
  /** Names of the environment variables that set them. */
  readonly hostVariable: string;
  readonly portVariable: string;
};

/** @throws {ListenError} when `listening` rejects */
export async function orListenError<T>(address: ListenAddress, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    throw new ListenError(explain(address, error), { cause: error });
  }
}

function explain({ host, port, hostVariable, portVariable }: ListenAddress, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
  if (code === 'EADDRINUSE') {
    return `${portVariable}: port ${port} is already in use on ${host}. Stop the program that listens there, or set ${portVariable} to a free port.`;
  }
  if (code === 'EACCES')
    return `${portVariable}: port ${port} requires root privileges. Set ${portVariable} to a port from 1024 up.`;
  return `${hostVariable}: cannot listen on ${host} port ${port} (${code}). Set ${hostVariable} to an address of this machine.`;
}
