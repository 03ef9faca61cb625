/** Describes documents for operators: metadata, whether answers may use them, what was left out, passages. */
import type { StoredDocument } from '../../postgres/content/documents.ts';
import type { AccessPolicy, ContentDocument, Passage } from '../../provenance/content.ts';
import type { License } from '../../provenance/license.ts';
import { mayUse } from '../../provenance/may-use.ts';
import { count } from '../../runtime/console.ts';
import { printable } from '../progress.ts';

type Rights = {
  readonly license: License | null;
  readonly permission: boolean | null;
  readonly rightsHolder: string | null;
  readonly externalShareConsent: boolean | null;
  readonly accessPolicy: AccessPolicy | null;
};

/** One line of `documents list`. */
export function listLine(document: StoredDocument, commercialUse: boolean): string {
  const { contentId, title, sourceUri, license, passages, notes } = document;
  const rights = mayUse(document, commercialUse) ? (license ?? 'permission') : `NOT USED (${license ?? 'no licence'})`;
  const noted = notes.length === 0 ? '' : `, ${count(notes.length, 'note')}`;
  return `${contentId}  ${rights}, ${count(passages, 'passage')}${noted}  ${printable(title ?? '(no title)')}  ${printable(sourceUri ?? '')}`;
}

/** A stored document with its passages. */
export function storedLines(
  document: StoredDocument,
  passages: readonly Passage[],
  commercialUse: boolean,
): readonly string[] {
  const { contentId, contentType, title, source, sourceUri, keys, language, notes } = document;
  return [
    printable(title ?? '(no title)'),
    `  id: ${contentId} (${contentType})`,
    `  address: ${printable(sourceUri ?? 'none')}`,
    `  source: ${source ?? 'none'}${keys.length === 0 ? '' : `, item ${keys.map(printable).join(', ')}`}`,
    ...rightsLines(document, commercialUse),
    `  language: ${language ?? 'unknown'}`,
    ...dateLine('published', document.publishedAt),
    ...dateLine('acquired', document.acquiredAt),
    ...dateLine('expires', document.expiresAt),
    `  verification: ${document.verificationStatus ?? 'never'}, sha256 ${document.sha256 ?? 'none'}`,
    ...textLines(passages, notes),
  ];
}

/** A document that was read from a file and is not stored. */
export function ingestedLines(document: ContentDocument, commercialUse: boolean): readonly string[] {
  const { title, path, sourceUri, language, publishedAt, retentionYears, passages, notes = [] } = document;
  return [
    printable(title),
    `  file: ${printable(path)}`,
    `  address: ${printable(sourceUri)}`,
    ...rightsLines(document, commercialUse),
    `  language: ${language ?? 'unknown'}`,
    ...dateLine('published', publishedAt),
    ...(retentionYears === null ? [] : [`  kept for ${retentionYears} years`]),
    ...textLines(passages, notes),
  ];
}

function rightsLines(rights: Rights, commercialUse: boolean): readonly string[] {
  const { license, permission, rightsHolder, externalShareConsent, accessPolicy } = rights;
  return [
    `  licence: ${license ?? 'none'}${rightsHolder === null ? '' : ` of ${printable(rightsHolder)}`}, permission: ${permission === true ? 'yes' : 'no'}`,
    `  used in answers: ${mayUse({ license, permission }, commercialUse) ? 'yes' : 'NO, because neither licence nor permission allows it'}`,
    `  sent to external models: ${externalShareConsent === true ? 'yes' : 'no'}`,
    ...(accessPolicy === null ? [] : [`  access policy: ${printable(JSON.stringify(accessPolicy))}`]),
  ];
}

function dateLine(name: string, at: Date | null): readonly string[] {
  return at === null ? [] : [`  ${name}: ${at.toISOString()}`];
}

function textLines(passages: readonly Passage[], notes: readonly string[]): readonly string[] {
  const pages = passages.flatMap(({ pageNumber }) => pageNumber ?? []);
  const range = pages.length === 0 ? '' : `, pages ${Math.min(...pages)} to ${Math.max(...pages)}`;
  return [
    ...notes.map((note) => `  note: ${printable(note)}`),
    `  ${count(passages.length, 'passage')}${range}`,
    ...passages.flatMap((passage) => [
      '',
      `  [${place(passage)}]`,
      ...passage.text.split('\n').map((line) => `    ${printable(line)}`),
    ]),
  ];
}

function place({ position, pageNumber, startSeconds, heading }: Passage): string {
  return [
    position + 1,
    ...(pageNumber === null ? [] : [`page ${pageNumber}`]),
    ...(startSeconds === null ? [] : [`${startSeconds} s`]),
    ...(heading === '' ? [] : [printable(heading)]),
  ].join(' · ');
}
