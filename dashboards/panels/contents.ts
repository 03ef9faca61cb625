/** Panels of the content that is held, and its rights: licences, consent, expiry, verification, and what answers still cite. */
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { explore } from '../explore.ts';
import { told } from '../expressions.ts';
import { anyIs, bars, colours, grid, look, numbers } from '../house-style.ts';
import { now, sql } from '../queries.ts';

/** Content that may be found now. */
const current = `content_type <> 'ai_response' and superseded_at is null and removed_at is null`;
/** The same, said so that the index of what expires serves. */
const canExpire = `${current} and retention_years is not null`;
const { contentVerification, contentOldestVerification } = retentionMetrics;
/** Answers whose citations are opened: so it takes no longer however much is asked. */
const latest = 2_000;
const noContent = 'no content';
const changed = ['hash_mismatch', 'manifest_mismatch', 'manifest_invalid'] as const;

export function contents() {
  return numbers({
    title: 'Contents',
    says: 'Contents that are held now: not replaced, not removed. Whether one may be used is another question: see licences and consent.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    queries: [sql(`select count(*) as contents from reporting.provenance where ${current}`)],
  });
}

export function expiringWithin(days: number) {
  return numbers({
    title: `Expire in ${days} days`,
    says: `Contents whose retention ends within ${days} days: they will not be found any more, and are removed the night after. Ask their owners in time.`,
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    steps: anyIs(colours.notice),
    queries: [
      sql(`select count(*) as contents from reporting.provenance
where ${canExpire} and expires_at >= now() and expires_at < now() + interval '${days} days'`),
    ],
  });
}

export function changedContents() {
  return numbers({
    title: 'Changed',
    says: 'Contents whose hash or C2PA manifest is no longer what it was when they were taken in. Compare each with its source; take it in again, or remove it.',
    unit: 'none',
    decimals: 0,
    steps: anyIs(colours.bad),
    queries: [now(`sum(${told(contentVerification, { where: { status: changed }, by: 'status' })})`, 'changed')],
    empty: 'not told',
  });
}

export function oldestVerification() {
  return numbers({
    title: 'Oldest verification',
    says: 'How long ago the content was verified whose verification is the longest ago. It should be no older than a round of verification takes.',
    unit: 'dtdurations',
    decimals: 0,
    quiet: true,
    queries: [now(`time() - min(${contentOldestVerification.name})`, 'ago')],
    empty: 'none verified',
  });
}

function split(title: string, says: string, column: string) {
  return bars({
    title,
    says,
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    ofRows: true,
    namesOnTop: true,
    empty: noContent,
    queries: [
      sql(`select ${column} as what, count(*) as contents
from reporting.provenance
where ${current}
group by 1
order by 2 desc
limit 12`),
    ],
  });
}

export const byLicence = () =>
  split(
    'Contents, by licence',
    'What the contents held are licensed as. "none told" means all rights reserved: without a permission they are stored and not used.',
    `coalesce(license_type::text, 'none told')`,
  );

export const byAcquisition = () =>
  split(
    'Contents, by how they came',
    'How contents were acquired. A way that nobody remembers is what an auditor asks about first.',
    `coalesce(acquisition_method::text, 'not told')`,
  );

export const byConsent = () =>
  split(
    'Contents, by what was granted',
    'Permission to use them at all, and consent to show them to a remote model. Contents without consent are withheld from a remote model and counted.',
    `case when permission_flag then 'permission' else 'by licence only' end || case when external_share_consent then ', remote models may see it' else ', stays here' end`,
  );

export function verification() {
  return bars({
    title: 'Contents, as verified',
    says: 'What the last verification of each content found; never: none yet. unreachable: its source could not be asked, which is no proof of a change.',
    unit: 'none',
    decimals: 0,
    namesOnTop: true,
    queries: [now(`${told(contentVerification, { by: 'status' })} > 0`, '{{status}}')],
    empty: 'not told',
  });
}

const contentRow = explore.row(`select * from reporting.provenance where content_id = '\${__value.raw}'`);
const contentColumn = look({ name: 'Content', width: 90, links: [{ title: 'Its provenance', url: contentRow }] });

export function expiring() {
  return grid({
    title: 'What expires next',
    says: 'Contents whose retention ends within 90 days, the first to go on top. After that they are not found any more, and answers that cited them keep their citation and lose their source.',
    unit: 'none',
    source: 'postgres',
    empty: 'nothing within 90 days',
    queries: [
      sql(`select expires_at as expires, coalesce(source_uri, content_type::text) as source, license_type::text as licence,
  rights_holder as holder, content_id::text as content
from reporting.provenance
where ${canExpire} and expires_at >= now() and expires_at < now() + interval '90 days'
order by expires_at
limit 50`),
    ],
  })
    .overrideByName('expires', look({ name: 'Expires', unit: 'dateTimeFromNow', width: 95 }))
    .overrideByName('source', look({ name: 'Source' }))
    .overrideByName('licence', look({ name: 'Licence', width: 90, empty: 'none told' }))
    .overrideByName('holder', look({ name: 'Whose', width: 110, empty: '–' }))
    .overrideByName('content', contentColumn);
}

export function citedAndExpiring() {
  return grid({
    title: 'Cited lately, and gone within 30 days',
    says: `Contents that answers of the time shown (the latest ${latest} of them at most) rest on and whose retention ends within 30 days: what to renew first. The more answers, the more will be missing.`,
    unit: 'none',
    source: 'postgres',
    empty: 'nothing that is cited expires',
    queries: [
      // No join: how many expire is guessed too low, and then every one of them would read all citations.
      sql(`select max(source) as source, sum(answers)::bigint as answers, max(expires_at) as expires, content from (
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
    .overrideByName('source', look({ name: 'Source' }))
    .overrideByName('answers', look({ name: 'Answers', width: 90 }))
    .overrideByName('expires', look({ name: 'Expires', unit: 'dateTimeFromNow', width: 95 }))
    .overrideByName('content', contentColumn);
}

export function mismatches() {
  return grid({
    title: 'Contents that changed',
    says: 'Each content whose last verification found something else than was taken in. Compare it with its source before anything cites it again.',
    unit: 'none',
    source: 'postgres',
    empty: 'none changed',
    queries: [
      sql(`select last_verified_at as verified, verification_status as found, coalesce(source_uri, content_type::text) as source,
  content_id::text as content
from reporting.provenance
where ${current} and verification_status in (${changed.map((status) => `'${status}'`).join(', ')})
order by last_verified_at desc
limit 50`),
    ],
  })
    .overrideByName('verified', look({ name: 'Verified', unit: 'dateTimeFromNow', width: 130 }))
    .overrideByName('found', look({ name: 'Found', width: 160 }))
    .overrideByName('source', look({ name: 'Source' }))
    .overrideByName('content', contentColumn);
}
