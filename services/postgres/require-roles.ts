/** Stops a program at its start whose login may not take the roles of its work: every request would fail later. */
import { connect, type Role, RoleRefused } from './connect.ts';
import { requireSessions } from './require-sessions.ts';

/**
 * A database that is away is not waited for: the program starts, and connects when it is back.
 * @throws {RoleRefused} that names the role and says what to grant
 * @throws {PooledByTransaction} where a role would not hold
 */
export async function requireRoles(url: string, roles: readonly Role[]): Promise<void> {
  await requireSessions(url);
  for (const role of roles) {
    const pool = connect(url, { name: 'rag-start', role, max: 1 });
    try {
      await pool.query('select 1');
    } catch (error) {
      if (error instanceof RoleRefused) throw error;
    } finally {
      await pool.end();
    }
  }
}
