/** A fault of a file, an item or a source, in words for the person who gave it; the message never holds text of the content. */
export class SourceError extends Error {}

/** The source cannot be reached for now, which is no fault of the item that was asked for. */
export class SourceUnavailable extends SourceError {
  /** When it may be asked again: until then it is left alone. Null: it did not say. */
  readonly until: Date | null;

  constructor(message: string, { until = null, ...options }: ErrorOptions & { readonly until?: Date | null } = {}) {
    super(message, options);
    this.until = until;
  }
}

/** It will not be read for as long as the item is as it is: kept with its reason, and not tried again before the item changes. */
export class SourceUnreadable extends SourceError {}
