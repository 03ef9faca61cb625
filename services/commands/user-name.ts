/** Reads how an operator names a user: by an e-mail address or a UUID. */
import { v5 as uuidv5 } from 'uuid';

/** People are told apart by their address, so the same address is the same user each time. */
const peopleNamespace = '0d5a3b1e-6c1f-4c57-9a51-2f6f0b7c9d43';

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const emailPattern = /^[^\s@\0]+@[^\s@\0]+$/;

/**
 * @param what how the option or argument is called
 * @returns the id; an address has the one that `cli -- token` signs for it
 * @throws {Error} where it is neither
 */
export function userNamed(given: string, what: string): { id: string; email?: string } {
  const name = given.trim().toLowerCase();
  if (uuidPattern.test(name)) return { id: name };
  if (name.length <= 254 && emailPattern.test(name)) return { id: uuidv5(name, peopleNamespace), email: name };
  throw new Error(`${what} is neither an e-mail address nor a UUID`);
}
