/** Alerts on questions that stop arriving, or that end in ways no objective counts. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { prometheusMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import { severities } from '../../services/slo/slo-model.ts';
import { alertingService } from '../alert-objective.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import { beyondChance, usualGuard } from './beyond-chance.ts';
import type { RuleContext } from './rule-context.ts';

export function trafficAlerts({ duration, service, component }: RuleContext): readonly Alert[] {
  const { questions, answers, feedback, stageDuration } = answerMetrics;
  const { noTraffic, trafficDrop, leftQuestions, refusedQuestions, notFound, downvotes, signIn } = limits;
  const { increase, on } = service;
  const common = { service: alertingService, for: duration(alertPolicy.for), dashboard: 'requests' } as const;
  /** Weeks are not scaled: a rehearsal has no earlier weeks. */
  const earlier = (window: string, weeks: number) =>
    service.sum(`increase(${questions.name}[${duration(window)}] offset ${weeks}w)`);
  const now = (window: string) => increase(questions.name, duration(window));
  /** The window is covered: after a gap in Prometheus or a restart of the only server, a minute without questions is no news. */
  const covered = (window: string) => `and ${on} ${service.max(`${questions.name} offset ${duration(window)}`)}`;
  const share = (
    { share: limit, long, short, least }: { share: number; long: string; short: string; least: number },
    series: string,
    of: string,
  ) => {
    const of1 = (window: string) => `${increase(series, duration(window))} / (${increase(of, duration(window))} > 0)`;
    return [
      `${of1(long)} > ${limit}`,
      `and ${of1(short)} > ${limit}`,
      `and ${increase(of, duration(long))} >= ${least}`,
      `and ${beyondChance(increase(series, duration(long)), increase(of, duration(long)), usualGuard(limit, long))}`,
    ].join('\n');
  };
  const ended = (end: string) => select(questions.name, { end });
  const replies = select(answers.name, { outcome: ['answered', 'no_answer'] });
  const votes = select(feedback.name, { vote: ['up', 'down'] });
  const signedIn = select(`${stageDuration.name}_count`, { stage: 'authenticate' });
  return [
    {
      ...common,
      alert: 'RagNoTraffic',
      slo: 'no_traffic',
      severity: 'critical',
      expr: [
        `${now(noTraffic.window)} == 0`,
        covered(noTraffic.window),
        `and ${on} (${earlier(noTraffic.window, 1)} >= ${noTraffic.least} unless ${on} ${earlier(noTraffic.window, 2)} < ${noTraffic.least})`,
        `and ${component.on} ${component.max(select(prometheusMetrics.up, { job: scrapeJobs.chat }))} == 1`,
      ].join('\n'),
      summary: `No question arrived for ${noTraffic.window}, although the chat server runs. One and two weeks ago there were at least ${noTraffic.least} at this time.`,
      action: 'Ask a question through the front door: check DNS, certificate, load balancer and proxy',
    },
    {
      ...common,
      alert: 'RagTrafficDrop',
      slo: 'traffic_drop',
      severity: 'warning',
      for: duration(trafficDrop.for),
      expr: [
        `${now(trafficDrop.window)} / ${on} (${earlier(trafficDrop.window, 1)} >= ${trafficDrop.least}) < ${trafficDrop.share}`,
        covered(trafficDrop.window),
        `unless ${on} ${now(trafficDrop.window)} >= ${on} ${trafficDrop.share} * ${earlier(trafficDrop.window, 2)}`,
      ].join('\n'),
      summary: `Questions dropped to {{ $value | humanizePercentage }} of the same ${trafficDrop.window} a week ago.`,
      action: 'Find out whether users are kept out: ask a question through the front door',
    },
    {
      ...common,
      alert: 'RagQuestionsLeft',
      slo: 'questions_left',
      severity: 'warning',
      expr: share(leftQuestions, ended('left'), questions.name),
      summary: `{{ $value | humanizePercentage }} of questions over ${leftQuestions.long} ended because the client left.`,
      action: 'Compare the time to the first token with that of last week',
    },
    {
      ...common,
      alert: 'RagQuestionsRefused',
      slo: 'questions_refused',
      severity: 'warning',
      expr: share(refusedQuestions, ended('refused'), questions.name),
      summary: `{{ $value | humanizePercentage }} of questions over ${refusedQuestions.long} were refused with a 4xx.`,
      action: 'Find the status code of the refusals',
    },
    ...severities.map((severity) => ({
      ...common,
      alert: 'RagNotFound',
      slo: 'not_found',
      severity,
      expr: share({ ...notFound, share: notFound[severity] }, select(answers.name, { outcome: 'no_answer' }), replies),
      summary: `{{ $value | humanizePercentage }} of replies over ${notFound.long} are "not found".`,
      action: 'Check that the documents are ingested and current',
      dashboard: 'quality' as const,
    })),
    {
      ...common,
      alert: 'RagDownvotes',
      slo: 'downvotes',
      severity: 'warning',
      expr: share(downvotes, select(feedback.name, { vote: 'down' }), votes),
      summary: `{{ $value | humanizePercentage }} of votes over ${downvotes.long} are down.`,
      action: 'Read the answers with votes down',
      dashboard: 'quality',
    },
    {
      ...common,
      alert: 'RagSignInFailing',
      slo: 'sign_in',
      severity: 'warning',
      expr: share(signIn, select(`${stageDuration.name}_count`, { stage: 'authenticate', result: 'failed' }), signedIn),
      summary: `{{ $value | humanizePercentage }} of sign-ins over ${signIn.long} fail for a reason that is not the user's. The identity provider may be unreachable.`,
      action: "Check the identity provider, and the reason in the chat server's log",
    },
  ];
}
