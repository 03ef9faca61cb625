/** Client of the Google Drive API v3. Requests a token when it is first needed and explains errors to operators. */
import type { Response } from 'undici';
import { z } from 'zod';
import type { SourceContext } from '../../plugin.ts';
import { SourceError, SourceUnavailable, SourceUnreadable } from '../../source-error.ts';
import { createAccessToken, sendWithToken } from '../oauth.ts';

export type Drive = {
  /**
   * 'gone': 404 or 410.
   * @param expires whether the query contains a token that can expire, for which Drive also returns 400
   * @throws {SourceError}
   */
  readonly getJson: (
    path: string,
    query: Readonly<Record<string, string>>,
    expires?: boolean,
  ) => Promise<unknown | 'gone'>;
  /** The same for responses that are not JSON. */
  readonly download: (path: string, query: Readonly<Record<string, string>>) => Promise<Uint8Array | 'gone'>;
};

/** In the requested format; another export format may be small enough. */
export class TooLargeToExport extends SourceUnreadable {}

/** Rate limits, after which the request is retried. Drive returns them with status 403. */
const busy = new Set(['userRateLimitExceeded', 'rateLimitExceeded', 'sharingRateLimitExceeded']);
/** Exhausted quotas. */
const usedUp = new Set(['dailyLimitExceeded', 'quotaExceeded', 'downloadQuotaExceeded']);
/** Why one file cannot be read in its current version. */
const unreadable: Readonly<Record<string, string>> = {
  cannotExportFile: 'may not be exported: its owner has switched that off',
  cannotDownloadFile: 'may not be downloaded: its owner has switched that off',
  insufficientFilePermissions: 'may not be downloaded: the account lacks the right',
  cannotDownloadAbusiveFile: 'may not be downloaded: Google classifies it as malware or spam',
  fileNotDownloadable: 'has a type that cannot be downloaded',
  fileNotExportable: 'has a type that cannot be exported',
};

const fault = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })).default([]) }) });

const scope = 'https://www.googleapis.com/auth/drive.readonly';

/** @param subject the user on whose behalf a service account reads; null: itself */
export function openDrive(context: SourceContext<unknown>, subject: string | null): Drive {
  const home = `${context.endpoint ?? 'https://www.googleapis.com'}/drive/v3`;
  const token = createAccessToken(context, { scope, subject });

  async function request(
    path: string,
    query: Readonly<Record<string, string>>,
    expires = false,
  ): Promise<Response | 'gone'> {
    const url = `${home}/${path}?${new URLSearchParams({ ...query, supportsAllDrives: 'true' })}`;
    const send = (bearer: string) =>
      context.fetch(url, {
        headers: { authorization: `Bearer ${bearer}` },
        isBusy: async (response) => busy.has(await reasonOf(response)),
      });
    const response = await sendWithToken(token, send);
    const { status } = response;
    if (status === 200) return response;
    if (status === 404 || status === 410 || (expires && status === 400)) return 'gone';
    const reason = await reasonOf(response);
    const lasting = unreadable[reason];
    const reply = reason === '' ? `${status}` : `${status} ${reason}`;
    if (reason === 'exportSizeLimitExceeded') {
      throw new TooLargeToExport('is larger than the 10 MB that Google exports; split it');
    }
    if (lasting !== undefined) throw new SourceUnreadable(lasting);
    if (usedUp.has(reason)) throw new SourceUnavailable(`has used up its quota for now (${reply})`);
    if (busy.has(reason) || status === 429 || status >= 500) throw new SourceUnavailable(`answered ${reply}`);
    if (status === 401) throw new SourceError(`refuses its token (${reply}); check the account`);
    if (reason === 'accessNotConfigured')
      throw new SourceError('needs the Google Drive API enabled in the project of its key');
    if (status === 403) throw new SourceError(`refuses to be read (${reply}); check what is shared with the account`);
    throw new SourceError(`answered ${reply}`);
  }

  return {
    async getJson(path, query, expires) {
      const response = await request(path, query, expires);
      if (response === 'gone') return 'gone';
      try {
        return await response.json();
      } catch (error) {
        throw new SourceError('returned invalid JSON', { cause: error });
      }
    },
    async download(path, query) {
      const response = await request(path, query);
      return response === 'gone' ? 'gone' : new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** Google's reason code, which appears in messages and therefore may contain only letters; empty if there is none. */
async function reasonOf(response: Response): Promise<string> {
  if (response.status < 400) return '';
  const answer: unknown = await response.json().catch(() => null);
  const reason = fault.safeParse(answer).data?.error.errors[0]?.reason ?? '';
  return /^[A-Za-z_]{1,50}$/.test(reason) ? reason : '';
}

/**
 * All entries of a list, page by page.
 * @param page requests the page with a token; null: the first page
 * @param name the field with the entries
 * @returns the last page, or 'gone' if a page is
 */
export async function* entriesOf(
  page: (token: string | null) => Promise<unknown>,
  name: string,
  first: string | null = null,
): AsyncGenerator<unknown, Readonly<Record<string, unknown>> | 'gone'> {
  const tokens = new Set<string>();
  for (let token = first; ; ) {
    const answer = await page(token);
    if (answer === 'gone') return 'gone';
    const { data } = z.looseObject({ nextPageToken: z.string().optional() }).safeParse(answer);
    const entries = data?.[name];
    if (data === undefined || !Array.isArray(entries)) throw new SourceError(`did not return a list of ${name}`);
    // Files that are missing from an incomplete search may still exist.
    if (data.incompleteSearch === true) throw new SourceUnavailable('could not search all of its drives');
    yield* entries;
    const next = data.nextPageToken;
    if (next === undefined) return data;
    if (tokens.has(next)) throw new SourceError(`has a list of ${name} whose pages lead in circles`);
    tokens.add(next);
    token = next;
  }
}
