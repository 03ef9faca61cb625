/** Says which variable to change when an address cannot be listened on. */

export class ListenError extends Error {}

type ListenAddress = {
  readonly host: string;
  readonly port: number;
  /** Names of the variables that tell them. */
  readonly hostVariable: string;
  readonly portVariable: string;
};

/** @throws {ListenError} in place of whatever `listening` rejects with */
export async function orListenError<T>(address: ListenAddress, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    throw new ListenError(refusal(address, error), { cause: error });
  }
}

function refusal({ host, port, hostVariable, portVariable }: ListenAddress, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
  if (code === 'EADDRINUSE') {
    return `${portVariable}: ${port} is taken on ${host}; stop the program that listens there, or set ${portVariable} to a free port`;
  }
  if (code === 'EACCES') return `${portVariable}: ${port} needs privileges; set ${portVariable} to a port from 1024`;
  return `${hostVariable}: cannot listen on ${host} port ${port} (${code}); set ${hostVariable} to an address of this machine`;
}
