/** The probe: asks a known question where users ask, and checks the citation. */
import { z } from 'zod';
import { type ProbeResult, probeHeader } from '../chat/probe.ts';

export type ProbeSettings = {
  /** The address that users have. */
  readonly url: string;
  /** By which the chat server recognises the probe, so that it counts for no objective. */
  readonly key: string;
  readonly question: string;
  /** A part of the title or the address of a document that the answer must cite. Null: any valid citation. */
  readonly source: string | null;
  readonly token: string | null;
  /** Gets tokens from the identity provider by the OAuth 2.0 client credentials grant. Null: `token` is sent. */
  readonly client: { readonly tokenUrl: string; readonly id: string; readonly secret: string } | null;
};

export type ProbeOutcome = {
  readonly result: ProbeResult;
  readonly seconds: number;
  /** For the log. Contains no text of an answer. */
  readonly reason: string;
};

/** Users leave before. */
const timeoutMs = 30_000;

const replyShape = z.object({
  citations: z.array(
    // Absent: valid. Null: not judged.
    z.object({ valid: z.boolean().nullable().default(true), source: z.string(), url: z.string().optional() }),
  ),
});
const tokenShape = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().optional() });

/** @param clock milliseconds, monotonic */
export function createProbe(
  settings: ProbeSettings,
  clock: () => number,
): (signal: AbortSignal) => Promise<ProbeOutcome> {
  const readToken = createReadToken(settings, clock);
  return async (signal) => {
    const start = clock();
    const outcome = (result: ProbeResult, reason: string): ProbeOutcome => ({
      result,
      seconds: (clock() - start) / 1_000,
      reason,
    });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const token = await readToken(limit);
      const response = await fetch(new URL('/api/ai/chat', settings.url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          [probeHeader]: settings.key,
        },
        body: JSON.stringify({ query: settings.question }),
        signal: limit,
      });
      const text = await response.text();
      if (response.status >= 500) return outcome('failed', `the service answered ${response.status}`);
      if (!response.ok) return outcome('refused', `the service answered ${response.status}`);
      const reply = replyShape.safeParse(jsonOf(text));
      // A page of a proxy, for example.
      if (!reply.success) return outcome('failed', 'the reply is not an answer of this service');
      const cited = reply.data.citations.filter(({ valid }) => valid === true);
      const { source } = settings;
      const isCited =
        source === null
          ? cited.length > 0
          : cited.some(({ source: title, url }) => title.includes(source) || url?.includes(source));
      return isCited ? outcome('ok', 'cited') : outcome('uncited', 'the answer lacks the expected citation');
    } catch (error) {
      if (error instanceof RefusedClient) return outcome('refused', error.message);
      return outcome('failed', error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error');
    }
  };
}

/** The identity provider answers, and refuses the client. */
class RefusedClient extends Error {}

/** Milliseconds before the end of a token at which the next one is requested. */
const renewMs = 30_000;

function createReadToken({ token, client }: ProbeSettings, clock: () => number) {
  let held: { readonly token: string; readonly until: number } | null = null;
  return async (signal: AbortSignal): Promise<string> => {
    if (client === null) return token ?? '';
    if (held !== null && clock() < held.until) return held.token;
    const response = await fetch(client.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
      }),
      signal,
    });
    if (response.status >= 400 && response.status < 500) {
      throw new RefusedClient(`the identity provider answered ${response.status}`);
    }
    const { access_token, expires_in = 60 } = tokenShape.parse(await response.json());
    held = { token: access_token, until: clock() + Math.max(0, expires_in * 1_000 - renewMs) };
    return access_token;
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
