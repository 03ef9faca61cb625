/** The conditions of the operational rules that read traffic, on counts. alerts/incidents/simulated-operation.slow.test.ts compares both. */
import { usualGuard } from '../../alerts/operation/beyond-chance.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { badEvent, guardAgainstChance } from '../../services/slo/chance.ts';
import { parseDuration } from '../../services/slo/duration.ts';
import { limits } from '../../services/slo/limits.ts';
import type { Severity } from '../../services/slo/slo-model.ts';

/** What is counted. `@0`, `@1`: by server or by model. */
export type Counted =
  | 'questions'
  | 'left'
  | 'refused'
  | `ended@${number}`
  | `lost@${number}`
  | 'replies'
  | 'notFound'
  | 'votes'
  | 'down'
  | 'signIns'
  | 'signInsFailed'
  | 'answers'
  | 'rejected'
  | 'citations'
  | 'invalid'
  | 'judged'
  | 'judgeFailed'
  | 'searches'
  | 'unreachable'
  | `answered@${number}`
  | `failed@${number}`
  | `judgedCitations@${number}`
  | `uncited@${number}`
  | 'cost';

/** Increase over some minutes, up to some minutes ago. */
export type Over = (what: Counted, minutes: number, minutesAgo?: number) => number;

export type Condition = {
  readonly alert: string;
  readonly severity: Severity;
  readonly holds: (over: Over) => boolean;
};

const minutes = (text: string) => parseDuration(text) / 60;
const week = 7 * 1_440;
const { minEvents } = alertPolicy;

/** @param usualSpend yen of a usual day; null before a week of history */
export function operationConditions(
  { servers, models, citationTarget }: { servers: number; models: number; citationTarget: number },
  usualSpend: () => number | null,
): readonly Condition[] {
  const share = (
    { share: limit, long, short, least }: { share: number; long: string; short: string; least: number },
    some: Counted,
    all: Counted,
  ) => {
    const [longer, shorter] = [minutes(long), minutes(short)];
    const { perEvent, perRoot, constant } = usualGuard(limit, long);
    return (over: Over) =>
      over(all, longer) >= least &&
      over(some, longer) > perEvent * over(all, longer) + perRoot * Math.sqrt(over(all, longer)) + constant &&
      over(some, longer) > limit * over(all, longer) &&
      over(all, shorter) > 0 &&
      over(some, shorter) > limit * over(all, shorter);
  };
  /** Counts the bad events instead of all. */
  const badShare = (
    { share: limit, long, short }: { share: number; long: string; short: string },
    some: Counted,
    all: Counted,
  ) => {
    const holds = share({ share: limit, long, short, least: 1 }, some, all);
    return (over: Over) => over(some, minutes(long)) >= minEvents && holds(over);
  };
  const warning = (alert: string, holds: Condition['holds']): Condition => ({ alert, severity: 'warning', holds });
  const each = (count: number, holds: (index: number) => Condition['holds']) => {
    const all = Array.from({ length: count }, (_, index) => holds(index));
    return (over: Over) => count > 1 && all.some((one) => one(over));
  };
  const failing = (bad: 'lost' | 'failed', all: 'ended' | 'answered') => (index: number) => (over: Over) => {
    const window = minutes(limits.failingPart.window);
    const failed = over(`${bad}@${index}`, window);
    return failed >= minEvents && failed > limits.failingPart.share * over(`${all}@${index}`, window);
  };
  const { long, short, share: uncitedShare, falseAlerts } = limits.uncitedModel;
  const event = badEvent(1 - citationTarget);
  const guards = [short, long].map((span) => ({
    span: minutes(span),
    guard: guardAgainstChance(event, uncitedShare, parseDuration(span), falseAlerts),
  }));
  const citesNothing = (index: number) => (over: Over) => {
    const now = minutes(short);
    const cited = (span: number) => over(`judgedCitations@${index}`, span);
    const uncited = (span: number) => over(`uncited@${index}`, span);
    if (uncited(now) <= uncitedShare * cited(now)) return false;
    return guards.some(
      ({ span, guard: { perEvent, perRoot, constant } }) =>
        uncited(span) >= minEvents &&
        uncited(span) > uncitedShare * cited(span) &&
        uncited(span) > perEvent * cited(span) + perRoot * Math.sqrt(cited(span)) + constant,
    );
  };
  const { noTraffic, trafficDrop, notFound, spend } = limits;
  const [none, drop] = [minutes(noTraffic.window), minutes(trafficDrop.window)];
  const spends = (severity: Severity) => (over: Over) => {
    const usual = usualSpend();
    if (usual === null || usual <= 0) return false;
    const day = over('cost', 1_440);
    return (
      day > spend[severity] * usual &&
      day - usual >= spend.least[severity] &&
      24 * over('cost', 60) > usual &&
      [1, 2].every((weeks) => day > spend[severity] * over('cost', 1_440, weeks * week))
    );
  };
  return [
    {
      alert: 'RagNoTraffic',
      severity: 'critical',
      holds: (over) =>
        over('questions', none) === 0 &&
        over('questions', none, week) >= noTraffic.least &&
        over('questions', none, 2 * week) >= noTraffic.least,
    },
    warning('RagTrafficDrop', (over) => {
      const before = over('questions', drop, week);
      const now = over('questions', drop);
      return (
        before >= trafficDrop.least &&
        now < trafficDrop.share * before &&
        now < trafficDrop.share * over('questions', drop, 2 * week)
      );
    }),
    warning('RagQuestionsLeft', share(limits.leftQuestions, 'left', 'questions')),
    warning('RagQuestionsRefused', share(limits.refusedQuestions, 'refused', 'questions')),
    warning('RagNotFound', share({ ...notFound, share: notFound.warning }, 'notFound', 'replies')),
    {
      alert: 'RagNotFound',
      severity: 'critical',
      holds: share({ ...notFound, share: notFound.critical }, 'notFound', 'replies'),
    },
    warning('RagDownvotes', share(limits.downvotes, 'down', 'votes')),
    warning('RagSignInFailing', share(limits.signIn, 'signInsFailed', 'signIns')),
    warning('RagInstanceFailing', each(servers, failing('lost', 'ended'))),
    warning('RagModelFailing', each(models, failing('failed', 'answered'))),
    warning('RagModelUncited', each(models, citesNothing)),
    warning('RagCitationsInvalid', badShare(limits.invalidCitations, 'invalid', 'citations')),
    warning('RagQuestionsRejected', badShare(limits.rejectedQuestions, 'rejected', 'answers')),
    warning('RagJudgeFailing', (over) => {
      const { share: limit, long: hours, short: quarter } = limits.failedJudgements;
      const failed = over('judgeFailed', minutes(hours));
      return (
        failed >= minEvents &&
        failed > limit * over('judged', minutes(hours)) &&
        over('judgeFailed', minutes(quarter)) > 0
      );
    }),
    warning('RagEmbeddingsUnreachable', (over) => {
      const window = minutes(limits.embeddingsUnreachable.window);
      if (over('unreachable', window) < limits.embeddingsUnreachable.least) return false;
      return over('unreachable', window) > limits.embeddingsUnreachable.share * over('searches', window);
    }),
    { alert: 'RagSpend', severity: 'critical', holds: spends('critical') },
    warning('RagSpend', spends('warning')),
  ];
}
