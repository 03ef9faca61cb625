/** Keeps what votes say about the scores, so that an answer is scored without a query. */
import { readVoteValidations, type VotedValidation } from '../jobs/validate-scores.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { createTrust, type Trust } from '../quality/validation.ts';
import { builtInService } from '../slo/deployment.ts';

const refreshMs = 300_000;

/** While the database is unavailable, the last known figures count; at first, the shipped ones. */
export function createScoreTrust(
  pool: Pool,
  onFailure: (error: unknown) => void,
): { readonly trust: Trust; readonly stop: () => void } {
  let known: readonly VotedValidation[] = [];
  const refresh = () =>
    readVoteValidations(pool).then((validations) => {
      known = validations;
    }, onFailure);
  void refresh();
  const timer = setInterval(refresh, refreshMs).unref();
  const own = () => known.filter(({ service }) => service === builtInService);
  return { trust: createTrust(own), stop: () => clearInterval(timer) };
}
