/** Gives documents of a reply the form of retrieved passages, so that the checks of this service apply to those of another. */
import type { RetrievedPassage } from '../../chat/retrieve.ts';
import type { ReplyDocument } from './field-mapping.ts';

/** In the same order, so that marks keep their meaning. Empty where no document has a text. */
export function passagesOf(documents: readonly ReplyDocument[]): readonly RetrievedPassage[] {
  if (documents.every(({ text }) => text === null)) return [];
  return documents.map(({ names, text }, index) => ({
    passageId: String(index),
    contentId: String(index),
    contentType: 'material',
    title: names[0] ?? '',
    heading: '',
    text: text ?? '',
    pageNumber: null,
    startSeconds: null,
    paragraphIndex: 0,
    sourceUri: null,
    license: null,
    rank: 0,
  }));
}
