/** Client of the YouTube Data API v3 on the SSRF-safe HTTP client; explains errors to operators: https://developers.google.com/youtube/v3/docs/errors */
import type { Response } from 'undici';
import { z } from 'zod';
import type { SourceContext } from '../../plugin.ts';
import { SourceError, SourceUnavailable, SourceUnreadable } from '../../source-error.ts';
import { createAccessToken, sendWithToken } from '../oauth.ts';
import { nextQuotaDay } from './quota-day.ts';

export type YouTube = {
  /** @param etag of the stored response @throws {SourceError} */
  readonly getJson: (path: string, parameters: Parameters, etag?: string) => Promise<Answer>;
  /** @throws {SourceError} */
  readonly download: (path: string, parameters: Parameters) => Promise<Uint8Array | 'gone'>;
};

export type Parameters = Readonly<Record<string, string>>;

export type Answer =
  | { readonly state: 'got'; readonly body: unknown; readonly etag: string | null }
  | { readonly state: 'not_modified' }
  /** 404. */
  | { readonly state: 'gone' };

const problem = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string().regex(/^[A-Za-z]{1,60}$/) })).min(1) }),
});
const scope = 'https://www.googleapis.com/auth/youtube.force-ssl';
const quotaReasons = new Set(['quotaExceeded', 'dailyLimitExceeded']);
const rateReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);
/** An hour of captions has about 100 kB. */
const maxCaptions = 16 * 1024 * 1024;

/** One client for each context, so that a sync requests its token once. */
const opened = new WeakMap<object, YouTube>();

export function openYouTube(context: SourceContext<unknown>): YouTube {
  const known = opened.get(context) ?? createYouTube(context);
  opened.set(context, known);
  return known;
}

function createYouTube(context: SourceContext<unknown>): YouTube {
  const { endpoint, fetch, now } = context;
  const home = endpoint ?? 'https://www.googleapis.com/youtube/v3';
  const token = createAccessToken(context, { scope, subject: null });

  async function send(path: string, parameters: Parameters, headers: Parameters, maxBytes?: number): Promise<Response> {
    const url = `${home}/${path}?${new URLSearchParams(parameters)}`;
    return sendWithToken(token, (bearer) =>
      fetch(url, {
        headers: { ...headers, authorization: `Bearer ${bearer}` },
        ...(maxBytes !== undefined && { maxBytes }),
        isBusy: async (response) => response.status === 403 && rateReasons.has(await reasonOf(response)),
      }),
    );
  }

  async function refuse(response: Response): Promise<never> {
    const { status } = response;
    const reason = await reasonOf(response);
    const reply = reason === '' ? String(status) : `${status} ${reason}`;
    if (quotaReasons.has(reason)) {
      const until = nextQuotaDay(now());
      throw new SourceUnavailable(`has used up its quota, which is reset at ${until.toISOString()}`, { until });
    }
    if (status === 429 || status >= 500 || rateReasons.has(reason)) throw new SourceUnavailable(`answered ${reply}`);
    if (status === 401) throw new SourceError(`refuses its access token (${reply}); grant access again`);
    if (status === 403) {
      const message = `refuses to be read (${reply}); check the rights of its account`;
      // The video belongs to another account; missing scopes have another reason.
      throw reason === 'forbidden' ? new SourceUnreadable(message) : new SourceError(message);
    }
    throw new SourceError(`answered ${reply}`);
  }

  return {
    async getJson(path, parameters, etag) {
      const response = await send(path, parameters, etag === undefined ? {} : { 'if-none-match': etag });
      if (response.status === 304) return { state: 'not_modified' };
      if (response.status === 404) return { state: 'gone' };
      if (response.status !== 200) return refuse(response);
      try {
        return { state: 'got', body: await response.json(), etag: response.headers.get('etag') };
      } catch (error) {
        throw new SourceError('returned invalid JSON', { cause: error });
      }
    },
    async download(path, parameters) {
      const response = await send(path, parameters, {}, maxCaptions);
      if (response.status === 404) return 'gone';
      if (response.status !== 200) return refuse(response);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** Empty if there is none. Messages are not passed on, because they may quote content. */
async function reasonOf(response: Response): Promise<string> {
  const body = await response
    .clone()
    .json()
    .catch(() => null);
  return problem.safeParse(body).data?.error.errors[0]?.reason ?? '';
}
