/** The shape every reader of a file format turns its input into: headings and the paragraphs under them, in reading order. */

export type Heading = {
  readonly kind: 'heading';
  /** From 1, the outermost. */
  readonly level: number;
  readonly text: string;
};

export type Paragraph = {
  /** An item stands close to what precedes it (list items, table rows); pre keeps its line breaks. */
  readonly kind: 'paragraph' | 'item' | 'pre';
  readonly text: string;
  /** From 1; null where the format has no pages. */
  readonly page: number | null;
  /** Whole seconds from the beginning of a recording at which it is said; absent where the format has no time. */
  readonly second?: number;
};

export type Block = Heading | Paragraph;

export type Extracted = {
  /** What the file itself calls the content; null where it does not say. */
  readonly title: string | null;
  readonly blocks: readonly Block[];
  /** As the file tells it, BCP 47 in lower case; absent where it does not. */
  readonly language?: string;
};
