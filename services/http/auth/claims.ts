/** Reads the user from the claims of a verified token, under the names that the operator configured. */
import type { JWTPayload } from 'jose';
import { v5 as uuidv5 } from 'uuid';

/**
 * Where the claims are. A name is that of a claim, or a path such as `realm_access.roles`. Of several names the first with a
 * value is used; of those of roles and groups, the values of all.
 */
export type ClaimNames = {
  readonly subject: readonly string[];
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly email: readonly string[];
  readonly name: readonly string[];
  /** Empty: users have no tenant. */
  readonly tenant: readonly string[];
};

/** Roles of the identity provider and what they are called here, the most important first. */
export type RoleMap = readonly { readonly from: string; readonly to: string }[];

/** The user that a token identifies. */
export type Identity = {
  readonly userId: string;
  readonly email: string | null;
  /** For display only. */
  readonly name: string | null;
  readonly role: string;
  readonly groups: readonly string[];
  /** Null: the token names none. */
  readonly tenant: string | null;
};

export const usualClaims: ClaimNames = {
  subject: ['sub'],
  roles: ['role'],
  groups: ['groups'],
  email: ['email'],
  name: ['name'],
  tenant: [],
};

const defaultRole = 'learner';
const longestSubject = 1_000;
const longestText = 254;
const mostValues = 1_000;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Only the subject is required. Other claims in a form that cannot be read count as absent, so that they lock no user out.
 * @returns why there is no usable subject, as the end of "the claim sub …"
 */
export function readIdentity(
  payload: JWTPayload,
  { claims, roleMap }: { readonly claims: ClaimNames; readonly roleMap: RoleMap },
): Identity | { readonly badSubject: string } {
  const subject = subjectOf(firstValue(payload, claims.subject));
  if ('problem' in subject) return { badSubject: subject.problem };
  return {
    userId: userIdOf(subject.text, payload.iss ?? ''),
    email: textOf(firstValue(payload, claims.email)),
    name: textOf(firstValue(payload, claims.name)),
    role: roleOf(allValues(payload, claims.roles, claims.roles !== usualClaims.roles), roleMap),
    groups: allValues(payload, claims.groups, claims.groups !== usualClaims.groups),
    tenant: textOf(firstValue(payload, claims.tenant)),
  };
}

/**
 * A UUID stays. Any other subject becomes the UUIDv5 of issuer and subject, so that two issuers cannot mean the same user.
 * @returns in lower case
 */
export function userIdOf(subject: string, issuer: string): string {
  if (uuidPattern.test(subject)) return subject.toLowerCase();
  return uuidv5(subject, uuidv5(issuer, uuidv5.URL));
}

function subjectOf(value: unknown): { readonly text: string } | { readonly problem: string } {
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (single === undefined || single === null) return { problem: 'is missing' };
  if (typeof single === 'number') {
    if (Number.isSafeInteger(single)) return { text: String(single) };
    // JSON rounds such numbers, so two users could become one.
    return { problem: 'is a number that JSON cannot carry exactly; send it as text' };
  }
  if (typeof single !== 'string') return { problem: 'is neither text nor a number' };
  if (single.trim() === '') return { problem: 'is empty' };
  if (single.length > longestSubject) return { problem: `is longer than ${longestSubject} characters` };
  return isStorable(single) ? { text: single } : { problem: 'contains characters that cannot be stored' };
}

/** With a map, only mapped roles count: a provider's role named "admin" grants nothing unless the map says so. */
function roleOf(roles: readonly string[], map: RoleMap): string {
  if (map.length > 0) return map.find(({ from }) => roles.includes(from))?.to ?? defaultRole;
  return roles.includes('admin') ? 'admin' : (roles[0] ?? defaultRole);
}

/**
 * @param splits whether a text is a list with blanks or commas between its values. Only for claims that the operator named:
 *   otherwise the role "course admin" of an LMS would become "admin"
 */
function allValues(payload: JWTPayload, names: readonly string[], splits: boolean): readonly string[] {
  const found = names.flatMap((name) => textsOf(claimAt(payload, name), splits));
  return [...new Set(found)].slice(0, mostValues);
}

/** A list, a text, or an object whose keys are the values (as Zitadel sends roles). */
function textsOf(value: unknown, splits: boolean): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => textOf(each) ?? []);
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== false && value[key] !== null);
    return keys.flatMap((key) => textOf(key) ?? []);
  }
  const text = typeof value === 'string' ? value.trim() : textOf(value);
  if (text === null || text === '') return [];
  const parts = splits ? text.split(/[\s,]+/).filter((part) => part !== '') : [];
  return [...new Set([text, ...parts])].flatMap((each) => textOf(each) ?? []);
}

function firstValue(payload: JWTPayload, names: readonly string[]): unknown {
  return names.map((name) => claimAt(payload, name)).find((value) => value !== undefined && value !== null);
}

/**
 * The claim of that name, or else at that path. Names contain dots themselves (`https://lms.example/roles`), so each dot may
 * end a name.
 */
function claimAt(from: unknown, path: string): unknown {
  if (!isObject(from)) return undefined;
  if (Object.hasOwn(from, path)) return from[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    const found = Object.hasOwn(from, key) ? claimAt(from[key], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A text or number, without blanks around it. Of a list, its first value. Null: none that can be stored. */
function textOf(value: unknown): string | null {
  const single = Array.isArray(value) ? value[0] : value;
  const text = typeof single === 'number' && Number.isSafeInteger(single) ? String(single) : single;
  if (typeof text !== 'string') return null;
  const trimmed = text.trim();
  return trimmed !== '' && trimmed.length <= longestText && isStorable(trimmed) ? trimmed : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
