/** The list of what is checked at start, by `cli -- check` and for `GET /readyz?verbose`. */
import type { Config } from '../../config.ts';
import type { Check } from '../../failure/check.ts';
import { checkIdentity } from '../../http/auth/check-identity.ts';
import { checkModel } from '../../llm/check-model.ts';

export function serviceChecks({ model, auth }: Pick<Config, 'model' | 'auth'>): readonly Check[] {
  return [
    {
      name: 'model',
      run: async (signal) =>
        model === null
          ? { state: 'off', detail: 'not configured: answers are quotes from the documents. Set LLM_BASE_URL' }
          : checkModel(model, signal),
    },
    { name: 'identity provider', run: () => checkIdentity(auth) },
  ];
}
