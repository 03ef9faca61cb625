/** Stored documents: licences, consent, expiry, verification, and the citations that depend on them. */
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { exploreLinks } from '../explore-links.ts';
import { sharedGauge } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { barGaugePanel, statPanel, tablePanel } from '../panel-builders.ts';
import { instantQuery, sqlTable } from '../queries.ts';
import { colours, nonZeroSteps } from '../theme.ts';

/** Documents that retrieval can find now. */
const current = `content_type <> 'ai_response' and superseded_at is null and removed_at is null`;
/** Repeats the condition of the partial index on expiry, so that PostgreSQL uses it. */
const canExpire = `${current} and retention_years is not null`;
const { contentVerification, contentOldestVerification } = retentionMetrics;
/** Limits the citations read, so that the duration does not grow with traffic. */
const latest = 2_000;
const noDocuments = 'no documents';
const mismatchStatuses = ['hash_mismatch', 'manifest_mismatch', 'manifest_invalid'] as const;

export function documentCount() {
  return statPanel({
    title: 'Documents',
    description:
      'Documents stored now, without replaced and removed ones. Licence and consent decide whether the service may use them.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    neutral: true,
    queries: [sqlTable(`select count(*) as documents from reporting.provenance where ${current}`)],
  });
}

export function expiriesWithin(days: number) {
  return statPanel({
    title: `Expiries in ${days} days`,
    description: `Documents whose retention ends within ${days} days. They are no longer found from then on, and the worker removes them the following night. Ask their owners in time.`,
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    steps: nonZeroSteps(colours.notice),
    queries: [
      sqlTable(`select count(*) as documents from reporting.provenance
where ${canExpire} and expires_at >= now() and expires_at < now() + interval '${days} days'`),
    ],
  });
}

export function integrityErrors() {
  return statPanel({
    title: 'Integrity errors',
    description:
      'Documents whose hash or C2PA manifest no longer matches the ingested version. Compare each with its source, then ingest it again or remove it.',
    unit: 'none',
    decimals: 0,
    steps: nonZeroSteps(colours.bad),
    queries: [
      instantQuery(
        `sum(${sharedGauge(contentVerification, { where: { status: mismatchStatuses }, by: 'status' })})`,
        'documents',
      ),
    ],
    noValue: 'no data',
  });
}

export function oldestVerification() {
  return statPanel({
    title: 'Oldest verification',
    description:
      'Time since the verification of the document that was verified least recently. It should not exceed the duration of one verification round.',
    unit: 'dtdurations',
    decimals: 0,
    neutral: true,
    queries: [instantQuery(`time() - min(${contentOldestVerification.name})`, 'ago')],
    noValue: 'none verified',
  });
}

function countBy(title: string, description: string, column: string) {
  return barGaugePanel({
    title,
    description,
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    barPerRow: true,
    namesOnTop: true,
    noValue: noDocuments,
    queries: [
      sqlTable(`select ${column} as what, count(*) as documents
from reporting.provenance
where ${current}
group by 1
order by 2 desc
limit 12`),
    ],
  });
}

export const byLicence = () =>
  countBy(
    'Documents by licence',
    'Licences of the stored documents. "no licence" means all rights reserved: the service stores such a document but does not use it without permission.',
    `coalesce(license_type::text, 'no licence')`,
  );

export const byAcquisition = () =>
  countBy(
    'Documents by acquisition method',
    'How the documents were acquired. Auditors ask first about methods without documentation.',
    `coalesce(acquisition_method::text, 'unknown')`,
  );

export const byPermission = () =>
  countBy(
    'Documents by permission',
    'Permission to use a document, and consent to send it to remote models. Documents without consent are withheld from remote models; withheld passages are counted.',
    `case when permission_flag then 'permission' else 'licence only' end || case when external_share_consent then ', remote models' else ', local only' end`,
  );

export function byVerification() {
  return barGaugePanel({
    title: 'Documents by verification result',
    description:
      'Result of the last verification of each document. never: not verified yet. unreachable: the source did not respond, which does not prove a change.',
    unit: 'none',
    decimals: 0,
    namesOnTop: true,
    queries: [instantQuery(`${sharedGauge(contentVerification, { by: 'status' })} > 0`, '{{status}}')],
    noValue: 'no data',
  });
}

const documentRow = exploreLinks.row(`select * from reporting.provenance where content_id = '\${__value.raw}'`);
const documentColumn = overrides({ name: 'Document', width: 90, links: [{ title: 'Provenance', url: documentRow }] });

export function nextToExpire() {
  return tablePanel({
    title: 'Next documents to expire',
    description:
      'Documents whose retention ends within 90 days, the earliest first. After expiry they are no longer found; answers that cited them keep the citation without the source.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no expiry within 90 days',
    queries: [
      sqlTable(`select expires_at as expires, coalesce(source_uri, content_type::text) as source, license_type::text as licence,
  rights_holder as holder, content_id::text as content
from reporting.provenance
where ${canExpire} and expires_at >= now() and expires_at < now() + interval '90 days'
order by expires_at
limit 50`),
    ],
  })
    .overrideByName('expires', overrides({ name: 'Expires', unit: 'dateTimeFromNow', width: 95 }))
    .overrideByName('source', overrides({ name: 'Source' }))
    .overrideByName('licence', overrides({ name: 'Licence', width: 90, noValue: 'none' }))
    .overrideByName('holder', overrides({ name: 'Rights holder', width: 125, noValue: '–' }))
    .overrideByName('content', documentColumn);
}

export function citedAndExpiring() {
  return tablePanel({
    title: 'Cited documents that expire within 30 days',
    description: `Documents cited by answers in the time range (at most the latest ${latest} answers) whose retention ends within 30 days. Renew the most cited ones first.`,
    unit: 'none',
    source: 'postgres',
    noValue: 'no cited document expires',
    queries: [
      // Not a join: the planner underestimates the expiring documents and would read all citations for each of them.
      sqlTable(`select max(source) as source, sum(answers)::bigint as answers, max(expires_at) as expires, content from (
  select content_id::text as content, expires_at, coalesce(source_uri, content_type::text) as source, 0 as answers
  from reporting.provenance
  where ${canExpire} and expires_at >= now() and expires_at < now() + interval '30 days'
  union all
  select content_id, null, null, count(distinct dialogue_id)
  from reporting.citations
  where $__timeFilter(created_at) and valid and created_at >= coalesce(
    (select created_at from reporting.answers where $__timeFilter(created_at) order by created_at desc offset ${latest - 1} limit 1),
    $__timeFrom()
  )
  group by content_id
) as either
group by content
having max(expires_at) is not null and sum(answers) > 0
order by answers desc
limit 30`),
    ],
  })
    .overrideByName('source', overrides({ name: 'Source' }))
    .overrideByName('answers', overrides({ name: 'Answers', width: 90 }))
    .overrideByName('expires', overrides({ name: 'Expires', unit: 'dateTimeFromNow', width: 95 }))
    .overrideByName('content', documentColumn);
}

export function failedVerifications() {
  return tablePanel({
    title: 'Documents that failed verification',
    description:
      'Documents whose last verification found a different version than the ingested one. Compare each with its source before the service cites it again.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no failures',
    queries: [
      sqlTable(`select last_verified_at as verified, verification_status as found, coalesce(source_uri, content_type::text) as source,
  content_id::text as content
from reporting.provenance
where ${current} and verification_status in (${mismatchStatuses.map((status) => `'${status}'`).join(', ')})
order by last_verified_at desc
limit 50`),
    ],
  })
    .overrideByName('verified', overrides({ name: 'Verified', unit: 'dateTimeFromNow', width: 130 }))
    .overrideByName('found', overrides({ name: 'Result', width: 160 }))
    .overrideByName('source', overrides({ name: 'Source' }))
    .overrideByName('content', documentColumn);
}
