/** A fault of one file, in words for the person who gave it; the message never holds text of the content. */
export class SourceError extends Error {}
