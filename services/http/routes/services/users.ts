/** /api/services/:service/users/:user: export and erasure of what is recorded about a user of another application. */
import { z } from 'zod';
import { userKey } from '../../../intake/turn-key.ts';
import { Problem } from '../../api/problem.ts';
import { defineRoute } from '../../define-route.ts';
import { type EraseMe, erasureReceipt } from '../me/erase.ts';
import { exportLine, type ReadExport, sendExport } from '../me/export.ts';
import { requireOwnService, serviceName } from './own-service.ts';

const params = z.strictObject({
  service: serviceName,
  user: z.string().min(1).max(200).meta({ description: 'The id of the user, as the application sends it.' }),
});

export const eraseServiceUser = defineRoute({
  id: 'eraseServiceUser',
  method: 'delete',
  path: '/api/services/:service/users/:user',
  access: 'service-or-admin',
  summary: 'Erase what is recorded about a user of a service',
  description:
    'Turns that are on their way are not recorded either. The receipt contains no personal data. Erasing again returns a receipt with zero rows.',
  params,
  response: erasureReceipt,
  problems: ['database-unavailable'],
  async handler(
    { params: { service: named, user }, service },
    {
      eraseMe: erase,
      forgetExternalUser,
    }: { readonly eraseMe: EraseMe; readonly forgetExternalUser: (userId: string) => void },
  ) {
    requireOwnService(named, service);
    const userId = userKey(named, user);
    // Its row in users is ours. It stays where tables of the LMS would change with it.
    const first = await erase(userId, { account: true });
    const receipt = first === 'account_in_use' ? await erase(userId, { account: false }) : first;
    if (receipt === 'account_in_use') throw new Problem('account-in-use');
    forgetExternalUser(userId);
    return receipt;
  },
});

export const exportServiceUser = defineRoute({
  id: 'exportServiceUser',
  method: 'get',
  path: '/api/services/:service/users/:user/export',
  access: 'service-or-admin',
  summary: 'Export what is recorded about a user of a service',
  description:
    'One JSON object per line, each matching this schema. If the last line is not of type end, the export is incomplete.',
  params,
  response: exportLine,
  responseType: 'application/x-ndjson',
  problems: ['database-unavailable'],
  async handler({ params: { service: named, user }, service }, deps: { readonly exportMe: ReadExport }, exchange) {
    requireOwnService(named, service);
    return sendExport(deps.exportMe(userKey(named, user)), exchange);
  },
});
