/** Holds an access token: fetched when it is first needed, once for all who ask at the same time, and anew when it was refused. */

export type HeldToken = {
  /** The token to use; a new one where `refused` is the one that is held. @throws what fetching throws; the next who asks tries again */
  readonly get: (refused?: string) => Promise<string>;
};

export function holdToken(fetchToken: () => Promise<string>): HeldToken {
  let current: Promise<string> | null = null;
  /** What `current` came to; null: it is not here yet. */
  let last: string | null = null;
  return {
    async get(refused) {
      // Whoever is refused first has it fetched; the others, refused with the same, use that.
      if (current === null || (refused !== undefined && refused === last)) {
        last = null;
        const asked = fetchToken();
        current = asked;
        asked.then(
          (token) => {
            last = token;
          },
          () => {
            if (current === asked) current = null;
          },
        );
      }
      return current;
    },
  };
}

/** Tokens last an hour and may be taken back: one that is refused is exchanged, once. */
export async function sendWithToken<Answer extends { readonly status: number }>(
  token: HeldToken,
  send: (bearer: string) => Promise<Answer>,
): Promise<Answer> {
  const used = await token.get();
  const answer = await send(used);
  return answer.status === 401 ? send(await token.get(used)) : answer;
}
