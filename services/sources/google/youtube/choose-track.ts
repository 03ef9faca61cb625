/** Chooses the caption track of a video to read: https://developers.google.com/youtube/v3/docs/captions#resource */
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
 * Uses the first of `languages` that has a track. Within one language, captions that people wrote take precedence over automatic
 * ones, and the exact language over its regional variants. Null: no track may be read.
 * @param languages BCP 47, in order of preference; `en` includes `en-GB`. Empty: the spoken language, else any
 * @param spoken the spoken language of the video, if the API states one
 */
export function chooseTrack(
  tracks: readonly Track[],
  { languages, automatic, spoken }: { languages: readonly string[]; automatic: boolean; spoken: string | null },
): Track | null {
  const usable = tracks.filter(
    ({ snippet: { isDraft, status, trackKind } }) =>
      isDraft !== true &&
      (status === undefined || status === 'serving') &&
      (isAutomatic(trackKind) ? automatic : trackKind.toLowerCase() === 'standard'),
  );
  const wanted = languages.length > 0 ? languages : [...(spoken === null ? [] : [spoken]), '*'];
  for (const language of wanted) {
    const fitting = usable.filter(({ snippet }) => speaks(snippet.language, language));
    const [best] = fitting.sort((a, b) => place(a, language) - place(b, language) || (a.id < b.id ? -1 : 1));
    if (best !== undefined) return best;
  }
  return null;
}

const isAutomatic = (kind: string): boolean => kind.toLowerCase() === 'asr';

function speaks(language: string, wanted: string): boolean {
  const [has, want] = [language.toLowerCase(), wanted.toLowerCase()];
  return want === '*' || has === want || has.startsWith(`${want}-`) || want.startsWith(`${has}-`);
}

function place({ snippet: { trackKind, language } }: Track, wanted: string): number {
  return (isAutomatic(trackKind) ? 2 : 0) + (language.toLowerCase() === wanted.toLowerCase() ? 0 : 1);
}
