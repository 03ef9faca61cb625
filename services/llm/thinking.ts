/** Removes thoughts and control tokens from what a model writes. */
import type { ThinkingBlock } from './model-client.ts';

/** Stems of the names that models give to their thoughts; no tag of HTML contains one. */
const stem = '(?:think|thought|reason|reflect|scratchpad|monologue|deliberat|思考)';
const name = `[\\w-]{0,24}${stem}[\\w-]{0,24}`;
/** Names between brackets, which answers use for links, terms and quotations: exact, without attributes. */
const bracketName = '(?:think|thinking|thoughts?)';

/**
 * `<think>`, `<seed:think>`, `◁think▷`, `<chain_of_thought id="1">`, `[THINK]`: ended by the same name behind a slash.
 * `<|begin_of_thought|>`, `<|START_THINKING|>`: ended by `<|end…|>` or `<|/…|>`.
 */
const formats = {
  tag: `[<◁]\\s*(?:[\\w-]{1,20}:)?(?<name>${name})(?:\\s[^<>[\\]\\n]{0,80})?\\s*[>▷]`,
  tagEnd: (tagName: string) => `[<◁]\\s*/\\s*(?:[\\w-]{1,20}:)?${tagName}\\s*[>▷]`,
  bracket: `[[⟨〈](?<bracketName>${bracketName})[\\]⟩〉](?![([])`,
  bracketEnd: (tagName: string) => `[[⟨〈]/${tagName}[\\]⟩〉]`,
  token: `<[|｜](?!/|end)${name}[|｜]>`,
  tokenEnd: `<[|｜](?:/|end_?(?:of_)?)${name}[|｜]>`,
};

/** Formats that no stem names. Compared without regard to case. */
const blocks: readonly ThinkingBlock[] = [
  { open: '<unused94>', close: '<unused95>' },
  { open: '<|channel>thought', close: '<channel|>' },
  { open: '<details type="reasoning"', close: '</details>' },
];

/** gpt-oss writes its thoughts and its answer into channels. */
const channels = {
  thought:
    '(?:<\\|start\\|>\\s*assistant[^<]{0,40})?<\\|channel\\|>\\s*(?:analysis|commentary)[\\s\\S]{0,80}?<\\|message\\|>',
  thoughtEnd: '<\\|end\\|>|<\\|call\\|>|(?=<\\|start\\|>|<\\|channel\\|>)',
  answer: /(?:<\|start\|>\s*assistant[^<]{0,40})?<\|channel\|>\s*final[\s\S]{0,80}?<\|message\|>/g,
};

/** Control tokens of prompt templates, which a model may write after its answer. */
const trailing =
  /(?:<\|[\w/-]{1,40}\|>|<｜[^｜<>\n]{1,40}｜>|<\/?s>|<eos>|<end_of_turn>|<start_of_turn>\w{0,20}|\[\/?INST\]|\[\/?s\]|<\/?(?:answer|final|response)>)$/i;
/** The same at the end of a text that is not complete, where the last one may be cut. */
const trailingSoFar = /(?:<\|[\w/-]{0,40}\|?>?|<｜[^｜<>\n]{0,40}｜?>?|<\/?s?>?|\[\/?INST\])$/i;
/** More characters than any of these tokens has, and than a channel that gpt-oss names. */
const LONGEST_TOKEN = 60;
const LONGEST_CHANNEL = 240;

const leading = /^\s*(?:<(?:answer|final|response)>\s*|<\|(?:assistant|im_start)\|>\s*(?:assistant\b)?\s*|<s>\s*)+/i;

/** How models that think without an opening tag begin: their text is held back until the thought ends. */
const soundsLikeThought =
  /^\s*(?:okay|ok|alright|hmm+|wait|let(?:['’]s| me| us)|we (?:need|have|are|should|must)|i (?:need|have|should|must|will|['’]ll|think|am)|first,? (?:i|let|we)|the (?:user|question|learner|student) (?:is|asks|wants|needs)|so,? (?:the|i|we)|looking at|嗯|好的|首先|用户|まず|ユーザー|質問は|thinking|analysis)/i;

export type ReadableText = {
  /** What a reader may see. */
  readonly text: string;
  /** Whether a thought ended that had no opening tag: everything before it was taken away. */
  readonly hadBareEnd: boolean;
};

export type ReadText = (raw: string, isComplete: boolean) => ReadableText;

/** @param additional the operator's own formats */
export function createReadText(additional: readonly ThinkingBlock[]): ReadText {
  const literal = [...blocks, ...additional];
  const open = new RegExp(
    [
      `(?<tag>${formats.tag})|(?<bracket>${formats.bracket})|(?<token>${formats.token})|(?<channel>${channels.thought})`,
      ...literal.map((block, index) => `(?<block${index}>${escaped(block.open)})`),
    ].join('|'),
    'gi',
  );
  const bareEnd = new RegExp(
    [
      formats.tagEnd(name),
      formats.bracketEnd(bracketName),
      formats.tokenEnd,
      ...literal.filter(({ close }) => close !== '</details>').map(({ close }) => escaped(close)),
    ].join('|'),
    'gi',
  );
  const beginnings = [...literal.flatMap((block) => [block.open, block.close])].map((text) => text.toLowerCase());

  return (raw, isComplete) => {
    let text = '';
    let at = 0;
    let hadBareEnd = false;
    const isCode = createCodeTest(raw);
    const neverClosed = new Set<string>();
    open.lastIndex = 0;
    for (let found = open.exec(raw); found !== null; found = open.exec(raw)) {
      if (isCode(found.index)) continue;
      const end = endOf(raw, found, neverClosed);
      if (end === null && isComplete && !isSurelyThought(text, raw.slice(at, found.index), found)) continue;
      text += raw.slice(at, found.index);
      at = end ?? raw.length;
      open.lastIndex = at;
      if (end !== null && (text.trim() === '' || /\s$/.test(text))) at += raw.slice(at).match(/^\s*/)?.[0].length ?? 0;
      if (end === null) break;
    }
    text += raw.slice(at);
    const isCodeOfText = createCodeTest(text);
    for (const found of text.matchAll(bareEnd)) {
      if (isCodeOfText(found.index)) continue;
      const rest = text.slice(found.index + found[0].length);
      // A closing tag that ends the text closes nothing: the answer is before it.
      hadBareEnd = rest.trim() !== '';
      text = hadBareEnd ? rest.trimStart() : text.slice(0, found.index);
      break;
    }
    text = text.replace(channels.answer, '').replace(leading, '');
    const assistantFinal = /^analysis[\s\S]{0,20000}?assistantfinal/.exec(text);
    if (assistantFinal !== null) text = text.slice(assistantFinal[0].length);
    if (isComplete) return { text: withoutTrailing(text, trailing).trimStart(), hadBareEnd };
    text = text.trimStart();
    const kept = text.length - possibleToken(text, beginnings);
    return { text: text.slice(0, kept), hadBareEnd };
  };

  /** @param neverClosed endings that were not found from an earlier place on, so that none is searched for twice */
  function endOf(raw: string, found: RegExpExecArray, neverClosed: Set<string>): number | null {
    const groups = found.groups ?? {};
    const from = found.index + found[0].length;
    const index = literal.findIndex((_, at) => groups[`block${at}`] !== undefined);
    const pattern =
      groups.tag !== undefined
        ? formats.tagEnd(escaped(groups.name ?? ''))
        : groups.bracketName !== undefined
          ? formats.bracketEnd(groups.bracketName)
          : groups.token !== undefined
            ? formats.tokenEnd
            : groups.channel !== undefined
              ? channels.thoughtEnd
              : escaped(literal[index]?.close ?? '');
    if (neverClosed.has(pattern)) return null;
    const end = new RegExp(pattern, 'gi');
    end.lastIndex = from;
    const closed = end.exec(raw);
    if (closed === null) neverClosed.add(pattern);
    return closed === null ? null : closed.index + closed[0].length;
  }
}

/** Whether a draft begins as thoughts do, and should wait for the end of the thought or of the answer. */
export function mayBeThought(text: string): boolean {
  return soundsLikeThought.test(text);
}

/** Characters at the end that may be the beginning of a tag or a control token. */
function possibleToken(text: string, beginnings: readonly string[]): number {
  // gpt-oss names its channel between two tokens.
  const end = text.slice(-LONGEST_CHANNEL);
  const channel = /<\|(?:start|channel)\|>(?:(?!<\|message\|>)[\s\S]){0,200}$/i.exec(end)?.[0] ?? '';
  const open = /[<⟨〈[◁][^<>⟨⟩〈〉[\]◁▷\n]{0,60}$/.exec(end)?.[0] ?? '';
  const tokens = text.length - withoutTrailing(text, trailingSoFar).length;
  const tag = /^<\s*\/?\s*[\w:|｜-]{0,40}(?:\s[^>]{0,80})?$|^\[\s*\/?\s*[a-z]{0,20}$|^[⟨〈◁]/i.test(open) ? open : '';
  const tail = text.slice(-40).toLowerCase();
  const own = Math.max(
    0,
    ...beginnings.map((beginning) => {
      for (let length = Math.min(beginning.length - 1, tail.length); length > 0; length -= 1) {
        if (beginning.startsWith(tail.slice(-length))) return length;
      }
      return 0;
    }),
  );
  return Math.max(channel.length, tag.length, tokens, own);
}

/**
 * Without the tokens at the end, and the blanks around them; a text that ends in no token stays as it is. Looks at the end alone,
 * because a pattern over the whole text is slow on long runs of blanks.
 */
function withoutTrailing(text: string, token: RegExp): string {
  let kept = text;
  for (;;) {
    const solid = kept.trimEnd();
    const found = token.exec(solid.slice(-LONGEST_TOKEN));
    if (found === null) return kept === text ? text : solid;
    kept = solid.slice(0, -found[0].length);
  }
}

/**
 * Whether a thought that never ends is one: it begins the text, or a line with a tag that nothing else is called. A word between
 * brackets without an end is none.
 */
function isSurelyThought(text: string, between: string, found: RegExpExecArray): boolean {
  if (found.groups?.bracketName !== undefined) return false;
  if (text.trim() === '' && between.trim() === '') return true;
  const tagName = found.groups?.name;
  const before = text.slice(-LONGEST_INDENT) + between.slice(-LONGEST_INDENT);
  return /\n[ \t]*$/.test(before) && (tagName === undefined || /^(?:think|thinking|thoughts?)$/i.test(tagName));
}

/** More blanks than this before a tag are no indent. */
const LONGEST_INDENT = 100;

/**
 * A test whether an offset is between backticks, or in a fenced block. The offsets have to ascend: each letter is read once for
 * all of them.
 */
function createCodeTest(text: string): (offset: number) => boolean {
  let read = 0;
  let lineStart = 0;
  let fences = 0;
  let ticks = 0;
  return (offset) => {
    for (; read < offset; read += 1) {
      const letter = text[read];
      if (letter === '\n') {
        ticks = 0;
        lineStart = read + 1;
      }
      if (letter === '`') ticks += 1;
      const isThird = (letter === '`' || letter === '~') && text[read - 1] === letter && text[read - 2] === letter;
      if (isThird && read - 2 - lineStart <= LONGEST_INDENT && /^[ \t]*$/.test(text.slice(lineStart, read - 2))) {
        fences += 1;
      }
    }
    return fences % 2 === 1 || ticks % 2 === 1;
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
