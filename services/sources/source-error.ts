/** A fault of a file, an item or a source, in words for the person who gave it; the message never holds text of the content. */
export class SourceError extends Error {}

/** The source cannot be reached for now, which is no fault of the item that was asked for. */
export class SourceAway extends SourceError {}
