/** Writes the sources of an answer as Markdown, for clients that show only text. */
import { isJapanese } from '../../../chat/search/is-japanese.ts';
import type { Reply } from '../../api/chat-reply.ts';

type Source = Reply['citations'][number];

const texts = {
  en: { title: 'Sources', page: (n: number) => `p. ${n}`, invalid: 'quotation not found in the source' },
  ja: { title: '出典', page: (n: number) => `${n}ページ`, invalid: '引用文は出典に見つかりませんでした' },
};

function textsFor(query: string) {
  return texts[isJapanese(query) ? 'ja' : 'en'];
}

/** What is said of a citation whose quotation is not in its source. */
export function invalidText(query: string): string {
  return textsFor(query).invalid;
}

/** Empty where the answer cites nothing. @param query the list is written in its language */
export function sourcesList(citations: readonly Source[], query: string): string {
  if (citations.length === 0) return '';
  const text = textsFor(query);
  const lines = citations.map(({ source, pageNumber, startSeconds, url, valid }, index) => {
    const details = [
      ...(pageNumber === undefined ? [] : [text.page(pageNumber)]),
      ...(startSeconds === undefined ? [] : [`${startSeconds} s`]),
      ...(valid === false ? [text.invalid] : []),
    ];
    const place = details.length === 0 ? '' : ` (${details.join(', ')})`;
    const link = linkOf(url);
    return `- [${index + 1}] ${plain(source)}${place}${link === null ? '' : ` <${link}>`}`;
  });
  return `\n\n**${text.title}**\n\n${lines.join('\n')}`;
}

/** Null: no web address. Characters that would end the link in Markdown are encoded. */
export function linkOf(url: string | undefined): string | null {
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return new URL(url).href.replace(/[<>\s()]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A title on one line, without letters that Markdown or HTML would read as theirs. */
function plain(title: string): string {
  return title
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]<>!#|~]/g, '\\$&');
}
