/** An error of a file, an item or a source. The message is for operators and never contains text of the content. */
export class SourceError extends Error {}

/** The source is unavailable for now. The requested item does not count as failed. */
export class SourceUnavailable extends SourceError {
  /** The source gets no requests before this time; null: it stated none. */
  readonly until: Date | null;

  constructor(message: string, { until = null, ...options }: ErrorOptions & { readonly until?: Date | null } = {}) {
    super(message, options);
    this.until = until;
  }
}

/** The item cannot be read in its current version. It is stored with the reason and not retried until it changes. */
export class SourceUnreadable extends SourceError {}
