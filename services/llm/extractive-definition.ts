/** Recognises questions that ask what something is, and sentences that say so. */

const questions = [
  /^(?:what|who)(?:\s+exactly)?\s+(?:is|are|was|were)\s+(?:an?\s+|the\s+)?(.+?)\s*\??$/iu,
  /^what\s+does\s+(?:an?\s+|the\s+)?(.+?)\s+(?:mean|stand\s+for)\s*\??$/iu,
  /^(?:define|explain|describe)\s+(?:an?\s+|the\s+)?(.+?)\s*[.?]?$/iu,
  /^(.+?)(?:とは|って)(?:何|なに|なん|どういう|どんな|どのような|$|[？?])/u,
  /^(.+?)(?:の(?:意味|定義))(?:は|を|とは|$|[？?])/u,
];
/** Longer is no name of a thing but a question in its own right. */
const LONGEST_SUBJECT = 40;

/** What a question asks the definition of ("What is RAG?", "引用率とは"), in lower case; null where it asks something else. */
export function askedFor(query: string): string | null {
  const plain = query.normalize('NFKC').trim().toLowerCase();
  for (const question of questions) {
    const subject = question.exec(plain)?.[1]?.trim();
    if (subject !== undefined && subject !== '' && subject.length <= LONGEST_SUBJECT) return subject;
  }
  return null;
}

/** Whether a sentence says what `subject` is: "A subject is…", "subject means…", "subjectとは…である", "subjectは、…". */
export function defines(sentence: string, subject: string): boolean {
  const plain = sentence.normalize('NFKC').toLowerCase();
  const at = plain.indexOf(subject);
  if (at === -1 || at > 30) return false;
  const after = plain.slice(at + subject.length);
  return (
    /^s?["”'’)）」』]*(?:\s*\([^)]*\)|\s*（[^）]*）)?\s*,?\s*(?:is|are|was|were|means?|refers?\s+to|stands?\s+for|denotes?)\s/.test(
      after,
    ) || /^["”』」]*(?:\s*[(（][^)）]*[)）])?\s*(?:とは|は|というのは)/.test(after)
  );
}
