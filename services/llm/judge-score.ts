/** Reads the score in what a judging model wrote. */
import { parseJson } from './model-client.ts';

/**
 * From 0 to 1, to two decimals: in the last object that has a score, between thoughts, prose or backticks; else behind the word
 * "score"; else the number that is the whole text. Null for a refusal, a score that is cut off, a range, and a scale without an end
 * ("8"): reading it as 0.8 would read the 1 of the same judge as a perfect answer.
 */
export function readJudgedScore(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/^\ufeff/, '');
  for (const object of objectsIn(plain).reverse()) {
    const score = scoreOf(object);
    if (score !== null) return score;
  }
  const open = openObject(plain);
  for (const match of [...plain.matchAll(written)].reverse()) {
    const rest = plain.slice(match.index + match[0].length);
    // "0" at the end of an object that is cut off may be the beginning of 0.9.
    if (open !== null && match.index > open && /^[\d.,]+$/.test(rest.trim())) continue;
    const score = amount(rest) ?? outOf(rest);
    if (score !== null) return score;
  }
  const alone = plain.replace(/^[\s*_`"'([{]+|[\s*_`"')\]}。.]+$/g, '').replace(/^\\?boxed\{/, '');
  return /^[\d.,]+(?:\s*(?:\/|out of)\s*\d+|\s*%|\s*点)?$/.test(alone) || outOfPattern.test(alone)
    ? (outOf(alone) ?? amount(alone))
    : null;
}

const names = ['score', 'final_score', 'overall_score', 'rating', 'relevance', 'value', 'スコア', '評価', '点数'];
const ends = ['scale', 'max', 'max_score', 'out_of', '満点'];

/** Names are compared without regard to case. A score may be in an object of its own: {"score": {"value": 0.8}}. */
function scoreOf(object: Readonly<Record<string, unknown>>): number | null {
  const fields = new Map(Object.entries(object).map(([name, value]) => [name.trim().toLowerCase(), value]));
  const end = ends.map((name) => fields.get(name)).find((each) => each !== undefined);
  const scale = /(\d+)\D*$/.exec(String(end ?? ''))?.[1];
  for (const name of names) {
    const value = fields.get(name);
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') return scoreOf(value as Record<string, unknown>);
    return outOf(String(value)) ?? amount(value, scale === undefined ? undefined : Number(scale));
  }
  for (const value of fields.values()) {
    const score = typeof value === 'object' && value !== null ? scoreOf(value as Record<string, unknown>) : null;
    if (score !== null) return score;
  }
  return null;
}

const noun = '(?:(?:final|overall|relevance|total)[ _]?)?(?:score|rating)|(?:総合|最終)?(?:スコア|評価|点数|得点)';
/** What stands between the word and its number: `Score (0-1): `, `"score" = `, `<score>`, `score of `, `スコアは`. */
const written = new RegExp(
  `["'*_\`]{0,3}(?<![\\p{L}\\d])(?:${noun})["'*_\`]{0,3}\\s*(?:\\([^()\\n]{1,30}\\)\\s*)?["'*_\`]{0,3}\\s*(?:(?:[:=→>]|\\bis\\b|\\bof\\b|は|を|[-–](?!\\d))\\s*)+["'*_\`[(]{0,3}\\s*|\\b(?:rate|score) (?:the answer|this answer|it|this|that)(?: as| at| with)?:?\\s*["'*_\`]{0,3}`,
  'giu',
);

/** "10点満点中8点", "10点中8点", "満点10で8", "8点(10点満点)". */
const outOfPattern =
  /^(?:(?<end>\d+)\s*点?(?:満点)?(?:中|で|のうち)[、,]?\s*(?<number>\d+(?:\.\d+)?)\s*点?|(?<number2>\d+(?:\.\d+)?)\s*点\s*[(/]\s*(?<end2>\d+)\s*点(?:満点)?)/u;

function outOf(text: string): number | null {
  const { end, number, end2, number2 } = outOfPattern.exec(text.trim())?.groups ?? {};
  const top = Number(end ?? end2);
  return top > 0 ? inRange(Number(number ?? number2) / top) : null;
}

/** @param scale the largest score, where another field names it */
function amount(value: unknown, scale?: number): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const [, number = '', end, part] =
    /^\s*["'*_`]{0,3}(-?\d+(?:[.,]\d+)?|\.\d+)["'*_`]{0,3}(?:\s*(?:\/|out of)\s*["'*_`]{0,3}(\d+(?:\.\d+)?)|\s*(%|percent|パーセント|割))?(?![\d.,]*\d)(?!\s*(?:-|–|~|〜|to\b|から)\s*\d)/iu.exec(
      String(value),
    ) ?? [];
  if (number === '') return null;
  const top = part === undefined ? Number(end ?? scale ?? 1) : part === '割' ? 10 : 100;
  return top > 0 ? inRange(Number(number.replace(',', '.')) / top) : null;
}

function inRange(score: number): number | null {
  return score >= 0 && score <= 1 ? Math.round(score * 100) / 100 : null;
}

const MOST_OBJECTS = 20;

/** The objects in a text, in order; braces in their strings do not end them. */
function objectsIn(text: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  let start = text.indexOf('{');
  for (let tries = 0; start !== -1 && tries < MOST_OBJECTS; tries += 1) {
    const end = endOfObject(text, start);
    const parsed = end === null ? null : parseLoosely(text.slice(start, end));
    if (parsed !== null) found.push(parsed);
    start = text.indexOf('{', parsed === null || end === null ? start + 1 : end);
  }
  return found;
}

/** Where an object begins that does not end; null: all end. */
function openObject(text: string): number | null {
  const starts = [...text.matchAll(/\{/g)].slice(0, MOST_OBJECTS).map(({ index }) => index);
  return starts.find((start) => endOfObject(text, start) === null) ?? null;
}

/** JSON as models write it: with comments, trailing commas, and names without quotes or in single ones. */
function parseLoosely(text: string): Record<string, unknown> | null {
  const parsed = parseJson(text) ?? parseJson(withoutHabits(text));
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
}

/** Strings are kept as they are; only what stands between them is changed. */
function withoutHabits(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|(?<=[{,:\s])'((?:[^'\\\n]|\\.)*)'(?=\s*[:,}])/gsu, (_, double, single) =>
      double === undefined ? JSON.stringify(single) : double.replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
    )
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*.*?\*\/|,(?=\s*[}\]])/gsu, (_, string) => string ?? '')
    .replace(/("(?:[^"\\]|\\.)*")|([{,]\s*)([A-Za-z_]\w*)(?=\s*:)/gsu, (_, string, before, name) =>
      string === undefined ? `${before}"${name}"` : string,
    );
}

function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (inString && letter === '\\') at += 1;
    else if (letter === '"') inString = !inString;
    else if (!inString && letter === '{') depth += 1;
    else if (!inString && letter === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}
