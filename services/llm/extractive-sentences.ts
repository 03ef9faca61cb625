/** Reads passages as sentences that can be quoted. */
import { onOneLine } from '../chat/citations/excerpt.ts';
import { withoutMarks } from '../chat/citations/marks.ts';
import { splitLines } from '../chat/citations/sentences.ts';
import { subjectTerms } from '../chat/citations/support.ts';
import type { RetrievedPassage } from '../chat/retrieve.ts';

/** Words of a text, made ready for being looked for. */
export type Words = { readonly terms: ReadonlySet<string>; readonly folded: string };

export type Quotable = Words & {
  /** On one line, without marks of its own that would be taken for ours. */
  readonly text: string;
  /** The passage's place, from 0, and the sentence's place in it. */
  readonly passage: number;
  readonly place: number;
  /** False for an item of a list without a full stop. */
  readonly whole: boolean;
  /** Whether it speaks of something that only the sentence before names: "Its cost …", "しかし…". */
  readonly leans: boolean;
};

/** Letters of a sentence: shorter is a fragment, longer is a table or a list that lost its line breaks. */
const LENGTH = { shortest: 8, longest: 420, unfinished: 16 };

const leaning =
  /^(?:it|its|this|these|those|that|they|their|them|such|he|she|however|but|therefore|thus|hence|otherwise|instead|then|also|so|and|or|yes|no|for (?:example|instance)|in (?:this|that|these|such) cases?|as a result)\b|^(?:それ|これ|その|この|そこ|ここ|そう|こう|そのため|しかし|だから|また|さらに|なお|ただし|つまり|たとえば|例えば|したがって|従って|一方|同様|はい|いいえ)/iu;
// "This service" and "so that" begin anew.
const pointingOutside =
  /^(?:this (?:service|page|manual|document|section|chapter|guide)\b|so that\b|この(?:サービス|ページ|文書|章|節|マニュアル))/iu;

export function readWords(text: string): Words {
  return { terms: subjectTerms(text), folded: text.normalize('NFKC').toLowerCase() };
}

export function quotableSentences(passage: RetrievedPassage, index: number): readonly Quotable[] {
  return splitLines(passage.text).flatMap(({ kind, start, end }, place) => {
    const text = withoutMarks(onOneLine(passage.text.slice(start, end)));
    const whole = /[。．.!?！？][」』）)"”’\]*_]*$/u.test(text);
    const shortest = whole ? LENGTH.shortest : LENGTH.unfinished;
    if (kind !== 'sentence' || text.length < shortest || text.length > LENGTH.longest) return [];
    const leans = leaning.test(text) && !pointingOutside.test(text);
    return [{ text, ...readWords(text), passage: index, place, whole, leans }];
  });
}
