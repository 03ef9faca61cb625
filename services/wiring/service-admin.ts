/** What the admin API and the commands do with services and their keys. */
import { BUILT_IN_SERVICE } from '../intake/service.ts';
import { hashServiceKey, makeServiceKey } from '../intake/service-key.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { isUniqueViolation, orUnavailable } from '../postgres/client/errors.ts';
import { addServiceKey, listServiceKeys, revokeServiceKeys } from '../postgres/intake/service-keys.ts';
import { addService, changeService, listServices, removeService } from '../postgres/intake/services.ts';

/** @param pool of the owner, or of `rag_auditor` */
export function createServiceAdmin(pool: Pool) {
  const list = () => orUnavailable(listServices(pool));

  async function makeKey(service: string) {
    const { key, sha256, prefix } = makeServiceKey();
    const row = await orUnavailable(addServiceKey(pool, { service, sha256, prefix }));
    return row === null ? null : { service, keyId: row.id, key };
  }

  return {
    list,
    async add(name: string) {
      if (name === BUILT_IN_SERVICE || !(await orUnavailable(addService(pool, name)))) return 'exists' as const;
      return (await makeKey(name)) ?? ('exists' as const);
    },
    change: (name: string, change: Parameters<typeof changeService>[2]) =>
      orUnavailable(changeService(pool, name, change)),
    remove: (name: string) => orUnavailable(removeService(pool, name)),
    async keys(name: string) {
      const known = (await list()).some((service) => service.name === name && service.removedAt === null);
      return known ? await orUnavailable(listServiceKeys(pool, name)) : null;
    },
    async addKey(name: string, others: 'keep' | 'revoke') {
      const made = await makeKey(name);
      if (made !== null && others === 'revoke') {
        await orUnavailable(revokeServiceKeys(pool, { service: name, except: made.keyId }));
      }
      return made;
    },
    /** Accepts a key that an application has already. A guessable one would let others write turns, so short ones are refused. */
    async acceptKey(name: string, key: string) {
      if (key.length < 20 || key.length > 200) return 'short' as const;
      try {
        const sha256 = hashServiceKey(key);
        const row = await orUnavailable(addServiceKey(pool, { service: name, sha256, prefix: key.slice(0, 6) }));
        return row === null ? ('unknown' as const) : ('accepted' as const);
      } catch (error) {
        if (isUniqueViolation(error)) return 'taken' as const;
        throw error;
      }
    },
    revokeKey: async (service: string, id: string) =>
      (await orUnavailable(revokeServiceKeys(pool, { service, id }))) === 1,
  };
}
