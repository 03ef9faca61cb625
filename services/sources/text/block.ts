/** The shape that every reader of a file format produces: headings and the paragraphs under them, in reading order. */

export type Heading = {
  readonly kind: 'heading';
  /** From 1, the outermost. */
  readonly level: number;
  /** Empty: ends the sections of this level and deeper without beginning a named one. */
  readonly text: string;
};

export type Paragraph = {
  /** An item stands close to what precedes it (list items, table rows); pre keeps its line breaks. */
  readonly kind: 'paragraph' | 'item' | 'pre';
  readonly text: string;
  /** From 1; null where the format has no pages. */
  readonly page: number | null;
  /** Whole seconds from the start of a recording; absent where the format has no time. */
  readonly second?: number;
};

export type Block = Heading | Paragraph;

export type LeftOutKind =
  /** Running headers and footers, page numbers, navigation, consent banners. */
  | 'page furniture'
  | 'table of contents'
  /** Pages of pictures or without anything. */
  | 'pages without text'
  /** Hidden sheets, rows, columns, slides, text and elements. */
  | 'hidden parts'
  | 'deleted text'
  /** Parts that the file names and does not hold, or that cannot be read. */
  | 'unread parts'
  /** Formulas whose result the file does not hold. */
  | 'formulas without a value'
  | 'pictures without a description';

export type LeftOut = {
  readonly kind: LeftOutKind;
  /** Lines, elements, rows, parts: what the format consists of. */
  readonly count: number;
  /** How many there are in all, where that is known: `count` of `of` pages have no text. */
  readonly of?: number;
  /** Where it was, ascending; absent where the format has no pages. */
  readonly pages?: readonly number[];
};

export type Extracted = {
  /** The title that the file itself gives; null where it has none. */
  readonly title: string | null;
  readonly blocks: readonly Block[];
  /** As the file declares it, BCP 47 in lower case; absent where it does not. */
  readonly language?: string;
  /** What of the file is not in `blocks`, by kind; absent or empty: nothing. */
  readonly leftOut?: readonly LeftOut[];
};
