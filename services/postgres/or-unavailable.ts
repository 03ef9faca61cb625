/** Turns the error of a database that is away, or of a user who is erased, into the failure that users are told of. */
import { ChatFailure } from '../chat/failure.ts';
import { isAway, isOfErasedUser } from './error-kinds.ts';

/** @throws {ChatFailure} `database_unavailable`, `cancelled`; any other error as it is */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isOfErasedUser(error)) throw new ChatFailure('cancelled', 'the user was erased meanwhile', { cause: error });
    if (!isAway(error)) throw error;
    throw new ChatFailure('database_unavailable', 'the database is away', { cause: error, retryAfterSeconds: 5 });
  }
}
