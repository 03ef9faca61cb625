/** Reads an answer as claims: its sentences, each with the marks that cite for it. */
import { findMarks, type Mark, marksBetween, type NumberedPassages, withoutMarks } from './marks.ts';
import { splitSentences } from './sentences.ts';

/** A mark and the part of its sentence that it cites for: everything since the previous mark, for "A [1] and B [2]." */
type MarkedPart = { readonly mark: Mark; readonly part: string };

export type Claim = {
  /** The sentence without its marks. */
  readonly text: string;
  readonly marks: readonly MarkedPart[];
  /** Whether it needs a citation: headings, code, unmarked lead-ins to a list, greetings and closings do not. */
  readonly counted: boolean;
};

type Open = { readonly start: number; end: number; readonly kind: string; readonly marks: Mark[] };

/** Claims in order of appearance. Marks on their own belong to the sentence before them. */
export function claimsOf(text: string, passages: NumberedPassages): readonly Claim[] {
  const open: Open[] = [];
  const marks = findMarks(text, passages);
  for (const { start, end, kind } of splitSentences(text, marks)) {
    const own = [...marksBetween(marks, start, end)];
    const last = open.at(-1);
    const saysNothing = !/[\p{L}\p{N}]/u.test(slice(text, marks, start, end));
    if (saysNothing && last !== undefined) last.marks.push(...own);
    else open.push({ start, end, kind, marks: own });
  }
  return open.map((sentence) => {
    const claim = slice(text, marks, sentence.start, sentence.end).trim();
    const says = /[\p{L}\p{N}]/u.test(claim);
    const isMarked = sentence.marks.length > 0;
    const needsCitation =
      sentence.kind === 'sentence' ? isMarked || !isCourtesy(claim) : sentence.kind === 'lead' && isMarked;
    return { text: claim, counted: says && needsCitation, marks: partsOf(text, marks, sentence, claim) };
  });
}

/** A part of the text, without the marks in it. */
function slice(text: string, marks: readonly Mark[], start: number, end: number): string {
  const inside = marksBetween(marks, start, end)
    .filter((mark) => mark.end <= end)
    .map((mark) => ({ ...mark, start: mark.start - start, end: mark.end - start }));
  return withoutMarks(text.slice(start, end), inside);
}

/** A part of a sentence before a mark that has fewer letters is no claim of its own. */
const SHORTEST_PART = 8;

function partsOf(text: string, marks: readonly Mark[], sentence: Open, claim: string): readonly MarkedPart[] {
  const inside = sentence.marks.filter((mark) => mark.start < sentence.end);
  // The last marks that are adjacent: what follows them belongs to their part.
  let lastGroup = inside.length - 1;
  while (lastGroup > 0 && (inside[lastGroup]?.start ?? 0) - (inside[lastGroup - 1]?.end ?? 0) <= 1) lastGroup -= 1;
  const rest = slice(text, marks, inside.at(-1)?.end ?? sentence.end, sentence.end);
  let from = sentence.start;
  let part = claim;
  const parts = inside.map((mark, index) => {
    const between = text.slice(from, mark.start).trim();
    from = mark.end;
    if (index === lastGroup) part = index === 0 || between.length < SHORTEST_PART ? claim : `${between}${rest}`.trim();
    else if (between !== '') part = between.length < SHORTEST_PART ? claim : between;
    return { mark, part };
  });
  const behind = sentence.marks.filter((mark) => mark.start >= sentence.end);
  return [...parts, ...behind.map((mark) => ({ mark, part: claim }))];
}

const LONGEST_COURTESY = 160;
const courtesies = [
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear \p{L}+)(?: there)?\b[^.?]{0,40}[!.,]?$/iu,
  /^(?:sure|certainly|of course|absolutely|great question|good question|thanks|thank you|you(?:['’]re| are) welcome|no problem|yes|no|okay|ok)\b[^.]{0,60}[!.,:]?$/iu,
  /^(?:here(?:['’]s| is| are)|below (?:is|are)|the following (?:is|are)|let me (?:explain|summarise|summarize)|i(?:['’]d| would)? be happy to|i(?:['’]m| am) happy to|happy to help)\b/iu,
  /^(?:i )?hope (?:this|that|it) (?:helps|answers)|^(?:please )?(?:let me know|feel free|don['’]t hesitate|do not hesitate)|^if you (?:have|need|want|would like) (?:any |more |further |other )|^(?:do you have|is there|would you like|anything else)\b.*\?$|^(?:good luck|have a (?:nice|great|good)|happy (?:learning|studying)|best regards|kind regards)/iu,
  /^(?:こんにちは|こんばんは|おはよう|はい|いいえ|もちろん|承知|かしこまりました|ご質問ありがとう|お問い合わせありがとう|ありがとうございます|お疲れさま|お疲れ様)[^。]{0,40}[。！!、]?$/u,
  /(?:以下に|次に|下記に|では)[^。]{0,30}(?:説明|ご説明|まとめ|お答え)(?:し|いたし|致し)ます[。：:]?$|^(?:ご)?(?:質問|不明)(?:な点)?(?:が|は)?[^。]{0,30}(?:お知らせ|お尋ね|お聞き|ご連絡|ください|どうぞ)|(?:参考|お役)に(?:なれば|立てば|立てれば|なりましたら)|(?:お気軽に|遠慮なく|ご遠慮なく)[^。]{0,30}(?:ください|どうぞ)|よろしくお願い(?:いたし|致し|し)ます/u,
];

/** Whether a sentence is a greeting, a closing or another courtesy, which states nothing about the materials. */
export function isCourtesy(sentence: string): boolean {
  const plain = sentence.replace(/^[*_#>\s]+|[*_\s]+$/g, '');
  return plain.length <= LONGEST_COURTESY && courtesies.some((pattern) => pattern.test(plain));
}

/**
 * Percent, 0–100 to two decimals, of the counted claims that have a valid mark. Claims whose marks could not be judged count
 * neither way; null where that leaves none. An answer without a claim, of headings alone, has 0.
 * @param verdict of a mark: null where it could not be judged
 */
export function rateOf(claims: readonly Claim[], verdict: (mark: Mark) => boolean | null): number | null {
  const counted = claims.filter((claim) => claim.counted);
  return shareOf(
    counted.map(({ marks }) => {
      const own = marks.map(({ mark }) => verdict(mark));
      return own.includes(true) ? true : own.includes(null) ? null : false;
    }),
  );
}

/** Percent of the judged verdicts that are true, as above. */
export function shareOf(verdicts: readonly (boolean | null)[]): number | null {
  if (verdicts.length === 0) return 0;
  const judged = verdicts.filter((each) => each !== null);
  if (judged.length === 0) return null;
  return Math.round((judged.filter(Boolean).length / judged.length) * 10_000) / 100;
}
