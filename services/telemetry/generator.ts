/** What spans and metrics report about the answer generator. */
export type Generator = {
  /** The GenAI convention's provider name (`openai`), or our own where it defines none. */
  readonly provider: string;
  /** The requested model. */
  readonly model: string;
  /** Its address; null: it runs in this process. */
  readonly server: { readonly address: string; readonly port: number } | null;
};
