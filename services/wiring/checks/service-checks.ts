/** The list of what is checked at start, by `cli -- check` and for `GET /readyz?verbose`. */
import type { Config } from '../../config.ts';
import type { Check } from '../../failure/check.ts';
import { checkIdentity } from '../../http/auth/check-identity.ts';
import { checkModel } from '../../llm/check-model.ts';
import { checkEmbeddings } from '../../llm/embeddings/check-embeddings.ts';

export type CheckedConfig = Pick<Config, 'model' | 'embeddings' | 'auth'>;

export function serviceChecks({ model, embeddings, auth }: CheckedConfig): readonly Check[] {
  return [
    {
      name: 'model',
      run: async (signal) =>
        model === null
          ? { state: 'off', detail: 'not configured: answers are quotes from the documents. Set LLM_BASE_URL' }
          : checkModel(model, signal),
    },
    {
      name: 'embeddings',
      run: async (signal) =>
        embeddings === null
          ? { state: 'off', detail: 'not configured: documents are searched by words. Set EMBEDDINGS_BASE_URL' }
          : checkEmbeddings(embeddings, signal),
    },
    { name: 'identity provider', run: () => checkIdentity(auth) },
  ];
}
