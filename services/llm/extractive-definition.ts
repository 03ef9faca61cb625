/** Recognises questions that ask for a definition, and sentences that define. */
import { isStopWord } from '../chat/search/stop-words.ts';

const questions = [
  /^(?:what|who)(?:['’]s|\s+(?:exactly\s+)?(?:is|are|was|were))\s+(?:an?\s+|the\s+)?(.+?)\s*\??$/iu,
  /^what\s+does\s+(?:an?\s+|the\s+)?(.+?)\s+(?:mean|stand\s+for)\s*\??$/iu,
  /^(?:what|how\s+much)\s+(?:does|do|is|are)\s+(?:it|this|they|you)\s+(.+?)\s*\??$/iu,
  /^(?:define|explain|describe)\s+(?:an?\s+|the\s+)?(.+?)\s*[.?]?$/iu,
  /^(.+?)(?:とは|って)(?:何|なに|なん|どういう|どんな|どのような|$|[？?])/u,
  /^(.+?)は(?:(?:何|なに|なん)(?:です|でしょう|だ|$|[？?])|いくら|どんな|どういう|どのような)/u,
  /^(.+?)(?:を|について)(?:教えて|説明して)/u,
  /^(.+?)(?:の(?:意味|定義))(?:は|を|とは|$|[？?])/u,
];
/** A longer subject is a question of its own. */
const LONGEST_SUBJECT = 40;

/** Characters of a question that are read: the time of the patterns grows faster than the length of hostile text. */
const LONGEST_READ = 200;

/** The subject whose definition a question asks for ("What is RAG?", "引用率とは"), in lower case; null for other questions. */
export function askedFor(query: string): string | null {
  const folded = query.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  const plain = folded.slice(0, LONGEST_READ).toLowerCase();
  for (const question of questions) {
    const subject = question
      .exec(plain)?.[1]
      ?.replace(/["'“”‘’「」『』]/g, '')
      .trim();
    if (subject !== undefined && subject !== '' && subject.length <= LONGEST_SUBJECT) return subject;
  }
  return isSubjectAlone(plain) ? plain : null;
}

/** "error budget", "引用率": keywords, of which no English one is grammar and no Japanese one an ending. */
function isSubjectAlone(plain: string): boolean {
  const words = plain.split(/\s+/u);
  return words.length <= 3 && /^[\p{L}\p{N}][^\p{sc=Hiragana}?.,!。、]*$/u.test(plain) && !words.some(isStopWord);
}

// The subject before the verb, and other names in brackets: "Retrieval-augmented generation (RAG) is".
// "Is used", "is not" and "is called by" describe the thing without defining it.
const english =
  /^(?:an?\s+|the\s+)?([^(),;:]{1,80}?)\s*(?:\(([^)]*)\))?,?\s+(?:(?:is|are|was|were)\s+(?!not\b|\w+ed\b)|means?\s|refers?\s+to\s|stands?\s+for\s|denotes?\s)/u;
const japanese =
  /^([^()、。]{1,60}?)\s*(?:\(([^)]*)\))?(?:とは|というのは|は.*(?:です|である|のこと|を(?:いい|指し|意味し)ます|を(?:いう|指す|意味する))。?$)/u;

/** Whether a sentence defines `subject`: "A subject is…", "Subject (other name) means…", "別名（subject）とは…". */
export function defines(sentence: string, subject: string): boolean {
  const plain = sentence
    .normalize('NFKC')
    .toLowerCase()
    .replace(/["'“”‘’「」『』]/g, '');
  return [english, japanese].some((pattern) => {
    const [, name, others = ''] = pattern.exec(plain) ?? [];
    return (
      name !== undefined && (isName(name, subject) || others.split(/[、,;/]/).some((other) => other.trim() === subject))
    );
  });
}

/** "Citation rates of a day" is about the citation rate, "a citation that fails" is not about the citation. */
function isName(name: string, subject: string): boolean {
  if (name === subject || name.endsWith(`の${subject}`)) return true;
  return name.startsWith(subject) && /^s?(?:\s+(?:of|for|in)\s.+|\s+\p{L}+)?$/u.test(name.slice(subject.length));
}
