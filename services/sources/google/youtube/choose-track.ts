/** Which of a video's caption tracks is read: https://developers.google.com/youtube/v3/docs/captions#resource */
import { z } from 'zod';

export const track = z.object({
  id: z.string().min(1).max(200),
  snippet: z.object({
    language: z.string().max(35),
    trackKind: z.string(),
    isDraft: z.boolean().optional(),
    status: z.string().optional(),
  }),
});

export type Track = z.output<typeof track>;

/**
 * The first of `languages` that there is decides; of one language, what people wrote comes before what a machine heard, and the
 * language as such before its regions. Null: none may be read.
 * @param languages BCP 47, the best first; `en` takes in `en-GB`. Empty: what is spoken in the video, else whatever there is
 * @param spoken of the video, where it tells one
 */
export function chooseTrack(
  tracks: readonly Track[],
  { languages, automatic, spoken }: { languages: readonly string[]; automatic: boolean; spoken: string | null },
): Track | null {
  const usable = tracks.filter(
    ({ snippet: { isDraft, status, trackKind } }) =>
      isDraft !== true &&
      (status === undefined || status === 'serving') &&
      (isMachines(trackKind) ? automatic : trackKind.toLowerCase() === 'standard'),
  );
  const wanted = languages.length > 0 ? languages : [...(spoken === null ? [] : [spoken]), '*'];
  for (const language of wanted) {
    const fitting = usable.filter(({ snippet }) => speaks(snippet.language, language));
    const [best] = fitting.sort((a, b) => place(a, language) - place(b, language) || (a.id < b.id ? -1 : 1));
    if (best !== undefined) return best;
  }
  return null;
}

const isMachines = (kind: string): boolean => kind.toLowerCase() === 'asr';

function speaks(language: string, wanted: string): boolean {
  const [has, want] = [language.toLowerCase(), wanted.toLowerCase()];
  return want === '*' || has === want || has.startsWith(`${want}-`) || want.startsWith(`${has}-`);
}

function place({ snippet: { trackKind, language } }: Track, wanted: string): number {
  return (isMachines(trackKind) ? 2 : 0) + (language.toLowerCase() === wanted.toLowerCase() ? 0 : 1);
}
